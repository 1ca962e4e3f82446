/// What is wrong and what to do, for whoever started the node.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("{option}: {because}")]
    Option {
        option: &'static str,
        because: String,
    },
    #[error(
        "{missing} not found in {folder}; run make programs, or pass the folder with --programs"
    )]
    NoPrograms { missing: String, folder: String },
    #[error("port {port} is in use or not allowed ({because}); pass another one with {option}")]
    Port {
        port: u16,
        option: &'static str,
        because: std::io::Error,
    },
    #[error("the clock stands still: {0}")]
    ClockStands(String),
    #[error("Surfpool: {0}")]
    Surfpool(String),
    #[error("{0}")]
    System(#[from] std::io::Error),
}

impl Fault {
    /// 2 for wrong arguments, 1 for anything else.
    pub fn exit_code(&self) -> i32 {
        match self {
            Fault::Option { .. } => 2,
            _ => 1,
        }
    }
}
