use joulebook_layout::Address;

#[test]
fn given_an_address_when_any_one_byte_differs_then_it_is_another() {
    let address = Address(core::array::from_fn(|place| place as u8));
    let same = address;
    assert!(address == same);
    for place in 0..32 {
        let mut other = address;
        other.0[place] ^= 0x80;
        assert!(address != other, "byte {place}");
    }
}
