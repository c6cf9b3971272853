package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What can be counted about the style of all modules' sources. */
class SourceStyleTest {

  private static final int MAX_LINES = 400;
  private static final int MAX_COLUMNS = 100;
  private static final int MAX_FILES = 20;
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "^public (?:(?:abstract|final|sealed|non-sealed) )*(?:class|interface|enum|record) ",
          Pattern.MULTILINE);

  private static final List<Path> SOURCES = new ArrayList<>();

  @BeforeAll
  static void find_the_sources_of_all_modules() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path module : modules.sorted().toList()) {
        Path folder = module.resolve("src");
        if (Files.exists(module.resolve("pom.xml")) && Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(SOURCES::add);
          }
        }
      }
    }
    assertThat(SOURCES).hasSizeGreaterThan(100);
  }

  @Test
  void no_file_is_longer_than_a_reader_likes() {
    assertThat(SOURCES.stream().filter(file -> lines(file).size() > MAX_LINES)).isEmpty();
  }

  @Test
  void no_package_holds_more_files_than_a_reader_can_look_over() {
    Map<Path, Long> packages =
        SOURCES.stream().collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    assertThat(packages.entrySet()).allMatch(entry -> entry.getValue() <= MAX_FILES);
  }

  @Test
  void no_line_is_wider_than_the_page() {
    List<String> wide = new ArrayList<>();
    for (Path file : SOURCES) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (line.codePointCount(0, line.length()) > MAX_COLUMNS) {
          wide.add(file + ":" + (i + 1));
        }
      }
    }
    assertThat(wide).isEmpty();
  }

  @Test
  void every_package_says_what_it_is_for() {
    List<Path> packages =
        SOURCES.stream()
            .filter(SourceStyleTest::isMain)
            .filter(file -> !file.endsWith("module-info.java"))
            .map(Path::getParent)
            .distinct()
            .toList();
    assertThat(packages)
        .allSatisfy(
            folder ->
                assertThat(folder.resolve("package-info.java"))
                    .exists()
                    .content()
                    .startsWith("/**"));
  }

  @Test
  void every_public_type_says_what_it_is() {
    assertThat(SOURCES.stream().filter(SourceStyleTest::isMain).filter(file -> !isDescribed(file)))
        .isEmpty();
  }

  private static boolean isMain(Path file) {
    return file.toString().replace('\\', '/').contains("/src/main/");
  }

  private static boolean isDescribed(Path file) {
    String text = String.join("\n", lines(file));
    Matcher type = PUBLIC_TYPE.matcher(text);
    return !type.find() || text.substring(0, type.start()).contains("/**");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new AssertionError(file + " cannot be read", e);
    }
  }
}
