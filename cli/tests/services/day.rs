//! What comes of a market on a node, with its daemons, is what comes of it in the simulation's virtual machine.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::{observed::Observed, replay, windows, world::World};

/// A window in two seconds.
const SPEED: u16 = 450;
const PATIENCE: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_community_on_a_node_when_its_windows_have_passed_then_the_simulation_says_the_same_of_each(
) {
    let wanted = windows(17);
    let mut world = World::begin(4);
    let cluster = world.cluster();
    let mut observed = Observed::begin(&cluster, &world.sandbox).await;
    let founded = observed.state.clone();
    let mut keeper = world.keeper("keeper", &[world.url.as_str()], "thrifty");
    let mut meters = world.meters();
    world.set_speed(SPEED);
    let begun = Instant::now();
    let service = world.sandbox.households[0].meters[0].service_from;
    let length = i64::from(founded.market.window_seconds);
    let page = observed.addresses.page_seconds();
    // Whole pages, and what it takes to hear of the last.
    let pages = (wanted as i64 * length + page - 1) / page;
    let end = service + pages * page;
    loop {
        sleep(Duration::from_millis(500)).await;
        observed.look(&cluster).await;
        let over = observed.windows.range(service..end);
        let settled = over.filter(|(_, (_, settled))| *settled).count() as i64;
        if settled == pages * page / length && observed.now > end + length {
            break;
        }
        let patience = PATIENCE * (pages * page / length) as u32 + PATIENCE * 4;
        assert!(
            begun.elapsed() < patience,
            "{settled} settled: {}",
            keeper.said()
        );
    }
    world.set_speed(1);
    assert_eq!(keeper.stop(), Some(0));
    assert_eq!(meters.stop(), Some(0));
    observed.look(&cluster).await;

    let opened = observed.allocated();
    let traded = replay::check(&world, &founded, &observed.state, &opened, (service, end));
    assert!(traded > 0, "something was traded");
}
