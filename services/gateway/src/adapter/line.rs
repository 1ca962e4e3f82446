//! A line on which a meter is heard.

use std::{io, time::Duration};

use tokio::{io::AsyncRead, net::TcpStream, time::timeout};
use tokio_serial::{SerialPortBuilderExt, SerialStream};

use super::LineOptions;

/// For a connection to be made.
const PATIENCE: Duration = Duration::from_secs(10);

/// Either.
pub trait Line: AsyncRead + Unpin + Send {}

impl Line for TcpStream {}
impl Line for SerialStream {}

impl LineOptions {
    /// # Errors
    /// If there is no such line, or nobody at its end.
    pub async fn open(&self) -> io::Result<Box<dyn Line>> {
        match self {
            LineOptions::Serial { serial, baud } => {
                let path = serial.display().to_string();
                let line = tokio_serial::new(path, *baud).open_native_async()?;
                Ok(Box::new(line))
            }
            LineOptions::Tcp { tcp } => {
                let connected = timeout(PATIENCE, TcpStream::connect(tcp)).await;
                let late = |_| io::Error::from(io::ErrorKind::TimedOut);
                Ok(Box::new(connected.map_err(late)??))
            }
        }
    }
}
