#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    joulebook_cli::main()
}
