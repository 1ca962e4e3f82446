use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{client::client_of, HttpOptions};

/// Room for connections: so many in all, and so many of one client, so that none takes all of it.
#[derive(Clone)]
pub struct Room {
    all: Arc<Semaphore>,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
    of_client: usize,
}

/// The place of a connection; free again once it is dropped.
pub struct Place {
    _of_all: OwnedSemaphorePermit,
    client: IpAddr,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Room {
    pub fn of(options: &HttpOptions) -> Room {
        Room {
            all: Arc::new(Semaphore::new(options.connections.max(1))),
            clients: Arc::default(),
            of_client: options.connections_of_client.max(1),
        }
    }

    /// Waits until there is room for one more, whose ever it will be.
    pub async fn wait(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.all).acquire_owned().await.ok()
    }

    /// The client's place, if it has not as many as it may have.
    pub fn place(&self, of_all: OwnedSemaphorePermit, client: IpAddr) -> Option<Place> {
        let client = client_of(client);
        let mut clients = lock(&self.clients);
        let count = clients.entry(client).or_default();
        if *count >= self.of_client {
            return None;
        }
        *count = count.saturating_add(1);
        Some(Place {
            _of_all: of_all,
            client,
            clients: Arc::clone(&self.clients),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut clients = lock(&self.clients);
        if let Some(count) = clients.get_mut(&self.client) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                clients.remove(&self.client);
            }
        }
    }
}

fn lock(clients: &Mutex<HashMap<IpAddr, usize>>) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    clients.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_client_with_all_its_places_when_it_comes_again_then_others_have_theirs_still() {
        let room = Room::of(&HttpOptions {
            connections: 5,
            connections_of_client: 2,
            ..HttpOptions::default()
        });
        let comes = |client: &str| {
            let of_all = Arc::clone(&room.all).try_acquire_owned().expect("room");
            room.place(of_all, client.parse().expect("an address"))
        };
        let first = comes("2001:db8::1");
        let second = comes("2001:db8::2");
        assert!(first.is_some() && second.is_some());
        assert!(comes("2001:db8::3").is_none(), "the same network");
        assert!(comes("2001:db8:0:1::1").is_some());
        drop(first);
        assert!(comes("2001:db8::4").is_some());
        drop(second);
        assert!(lock(&room.clients).is_empty(), "nobody is remembered");
        assert_eq!(room.all.available_permits(), 5);
    }
}
