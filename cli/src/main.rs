fn main() -> std::process::ExitCode {
    joulebook_cli::main()
}
