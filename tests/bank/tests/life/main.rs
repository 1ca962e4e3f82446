#[test]
fn stub() {
    let _ = solana_program_test::ProgramTest::default();
}
