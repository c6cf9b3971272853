package dev.vramcast.core.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sentences of core name keys and options by their subjects, which each surface has words for. */
class SurfaceWordsTest {

  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"");
  private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z]");
  private static final Pattern NAME = Pattern.compile("\"--[a-z0-9-]+\"");

  @Test
  void no_sentence_says_a_flag_of_the_command_line() throws IOException {
    assertThat(files())
        .allSatisfy(
            file ->
                assertThat(
                        LITERAL
                            .matcher(Files.readString(file))
                            .results()
                            .map(found -> found.group())
                            .filter(text -> FLAG.matcher(text).find())
                            .filter(text -> !NAME.matcher(text).matches()))
                    .as(file.toString())
                    .isEmpty());
  }

  @Test
  void a_flag_in_a_sentence_is_seen() {
    Matcher literal = LITERAL.matcher("say(\"was full (--lengths).\");");

    assertThat(literal.find()).isTrue();
    assertThat(FLAG.matcher(literal.group()).find()).isTrue();
    assertThat(NAME.matcher(literal.group()).matches()).isFalse();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
