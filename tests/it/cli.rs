//! The manual is a test: the commands of the README print what it shows.

#[test]
fn the_readme_shows_what_the_command_prints() {
    trycmd::TestCases::new().case("README.md").run();
}
