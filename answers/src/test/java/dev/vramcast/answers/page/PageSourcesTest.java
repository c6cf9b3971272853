package dev.vramcast.answers.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.schema.AnswerSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What the page's sources say of answers and of jobs is what the program says. {@code
 * -Dvramcast.golden.rewrite=true} writes them anew.
 */
class PageSourcesTest {

  /** The first line of each. */
  static final String HEAD = "// Generated from the program's own records; PageSourcesTest.\n\n";

  private static final Path FOLDER = Path.of("../web/src/generated");
  private static final boolean REWRITE = Boolean.getBoolean("vramcast.golden.rewrite");

  @Test
  void types_of_answers_are_those_of_the_records() throws IOException {
    check("answers.ts", AnswerTypes.of(AnswerSchemas.records()));
  }

  @Test
  void types_of_requests_are_those_of_the_operations() throws IOException {
    check("requests.ts", RequestTypes.all());
  }

  @Test
  void keys_of_jobs_are_those_of_the_job_document() throws IOException {
    check("keys.ts", PageWords.keys());
  }

  @Test
  void words_for_what_answers_name_are_those_of_the_command_line() throws IOException {
    check("words.ts", PageWords.words());
  }

  private static void check(String file, String source) throws IOException {
    Path path = FOLDER.resolve(file);
    if (REWRITE) {
      Files.writeString(path, source);
    }
    assertThat(source).as(file).isEqualTo(Files.readString(path));
  }
}
