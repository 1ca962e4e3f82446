//! The line to a server, which may be cut.

use std::{
    net::SocketAddr,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
};

use tokio::{
    io::{copy_bidirectional, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    select,
    sync::watch,
};
use url::Url;

/// Bytes that pass on a line that is whole.
const WHOLE: u64 = u64::MAX;

pub struct Line {
    address: SocketAddr,
    /// Bytes that each connection may yet send.
    left: Arc<AtomicU64>,
    /// Ends connections that are there.
    cuts: watch::Sender<()>,
}

impl Line {
    pub async fn to(server: &Url) -> Line {
        let server = server.socket_addrs(|| None).expect("an address")[0];
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let left = Arc::new(AtomicU64::new(WHOLE));
        let (cuts, cut) = watch::channel(());
        let allowed = Arc::clone(&left);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mut cut = cut.clone();
                cut.mark_unchanged();
                let most = allowed.load(Ordering::SeqCst);
                tokio::spawn(async move {
                    select! {
                        _ = pass(client, server, most) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Line {
            address,
            left,
            cuts,
        }
    }

    pub fn url(&self) -> Url {
        format!("http://{}", self.address).parse().expect("a URL")
    }

    /// From now on, each connection breaks after so many bytes to the server.
    pub fn cut(&self, after: u64) {
        self.left.store(after, Ordering::SeqCst);
        self.cuts.send_replace(());
    }

    pub fn mend(&self) {
        self.cut(WHOLE);
    }
}

async fn pass(mut client: TcpStream, server: SocketAddr, most: u64) -> std::io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    if most == WHOLE {
        copy_bidirectional(&mut client, &mut server).await?;
        return Ok(());
    }
    let (mut from, mut back) = client.split();
    let (mut answers, mut to) = server.split();
    let sent = async {
        tokio::io::copy(&mut (&mut from).take(most), &mut to).await?;
        to.flush().await
    };
    select! {
        _ = sent => {}
        _ = tokio::io::copy(&mut answers, &mut back) => {}
    }
    Ok(())
}
