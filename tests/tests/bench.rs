#[test]
fn print_units() {
    println!("{:#?}", joulebook_testkit::bench::measure().unwrap());
}
