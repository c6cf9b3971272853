package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@code NAME.args} is a command line whose output is {@code NAME.out}. Where there is a
 * {@code NAME.err} it is what the command says on standard error, else it says nothing. A second
 * line {@code exit N} in the arguments is the exit code when it is not 0.
 *
 * <p>{@code mvn -pl cli -am test -Dtest=GoldenFilesTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dvramcast.golden.rewrite=true} writes the files anew; the diff is then to be read.
 */
class GoldenFilesTest {

  private static final Path FOLDER = Path.of("src/test/resources/golden");

  /** Commands that try many jobs. */
  private static final Pattern SEARCH = Pattern.compile("(?:max|plan|guide)(?!_help)");

  private static final boolean REWRITE = Boolean.getBoolean("vramcast.golden.rewrite");

  @ParameterizedTest
  @MethodSource("answers")
  void output_is_as_in_the_golden_file(String name) throws IOException {
    checkOutput(name);
  }

  /** Most of the processor's time goes to these few. */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("searches")
  void what_is_searched_for_is_as_in_the_golden_file(String name) throws IOException {
    checkOutput(name);
  }

  private static void checkOutput(String name) throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve(name + ".args"));
    int code = lines.size() < 2 ? 0 : Integer.parseInt(lines.get(1).replace("exit ", ""));

    CliRun run = CliRun.of(List.of(lines.get(0).split(" ")));

    assertThat(run.code()).isEqualTo(code);
    check(name + ".out", run.out(), true);
    check(name + ".err", run.err(), false);
  }

  @Test
  void every_golden_output_belongs_to_a_command_line() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files)
          .filteredOn(Files::isRegularFile)
          .allMatch(file -> Files.exists(FOLDER.resolve(name(file) + ".args")));
    }
  }

  static List<String> answers() throws IOException {
    return names(false);
  }

  static List<String> searches() throws IOException {
    return names(true);
  }

  private static List<String> names(boolean searching) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".args"))
          .map(GoldenFilesTest::name)
          .filter(name -> SEARCH.matcher(name).lookingAt() == searching)
          .sorted()
          .toList();
    }
  }

  private static void check(String file, String actual, boolean always) throws IOException {
    Path path = FOLDER.resolve(file);
    if (REWRITE && (always || !actual.isEmpty())) {
      Files.writeString(path, actual);
    } else if (REWRITE) {
      Files.deleteIfExists(path);
    }
    String expected = always || Files.exists(path) ? Files.readString(path) : "";
    assertThat(actual).as(file).isEqualTo(expected);
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
  }
}
