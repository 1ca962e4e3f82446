use std::net::{Ipv4Addr, TcpListener};

use crate::fault::Fault;

/// Two ports of loopback that nobody uses: those that are asked for, any for 0. Surfpool binds them itself, right behind this.
///
/// # Errors
/// [`Fault::Port`].
pub fn free(rpc: u16, ws: u16) -> Result<(u16, u16), Fault> {
    let bind = |port, option| {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        listener.map_err(|because| Fault::Port {
            port,
            option,
            because,
        })
    };
    // Both at once, so that they differ.
    let listeners = (bind(rpc, "--rpc-port")?, bind(ws, "--ws-port")?);
    let port = |listener: &TcpListener| Ok::<u16, Fault>(listener.local_addr()?.port());
    Ok((port(&listeners.0)?, port(&listeners.1)?))
}
