use joulebook_client::market::types::NewOrder;
use joulebook_testkit::{Setup, World};
#[test]
fn logs() {
    let mut w = World::new(Setup{max_orders_per_seat:64, orders:128, ..Setup::default()}).unwrap();
    let p = w.join("x", 1_000_000_000).unwrap();
    let start = w.next_start();
    w.open_window(start).unwrap();
    for n in [1, 33] {
        let r = w.place(p, start, (0..n).map(|i| NewOrder{quantity:5,tick:(i*3) as u16,side:(i%2) as u8,node:0}).collect()).unwrap();
        let mut last=0i64;
        for l in &r.logs { if let Some(x)=l.strip_prefix("Program consumption: ") { let v:i64=x.split(' ').next().unwrap().parse().unwrap(); println!("{l} {}", last-v); last=v; } else {println!("{}", &l[..l.len().min(100)]);} }
    }
}
#[test]
fn print_units() {
    println!("{:#?}", joulebook_testkit::bench::measure().unwrap());
}
