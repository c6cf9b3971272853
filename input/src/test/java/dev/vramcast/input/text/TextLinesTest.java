package dev.vramcast.input.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextLinesTest {

  @Test
  void blank_lines_are_counted_and_left_out() throws IOException {
    TextLines lines = lines("a\n \t\r\n\nb", 10, 100);

    assertThat(lines.next()).asString(StandardCharsets.UTF_8).isEqualTo("a");
    assertThat(lines.next()).asString(StandardCharsets.UTF_8).isEqualTo("b");
    assertThat(lines.place().text()).isEqualTo("it:4");
    assertThat(lines.next()).isNull();
    assertThat(lines.isCutShort()).isFalse();
  }

  @Test
  void behind_a_read_that_fails_no_line_comes_again() throws IOException {
    InputStream twice =
        new SequenceInputStream(
            new ByteArrayInputStream("a\n".getBytes(StandardCharsets.UTF_8)),
            new InputStream() {
              private boolean failed;

              @Override
              public int read() throws IOException {
                if (failed) {
                  return -1;
                }
                failed = true;
                throw new IOException("Input/output error");
              }
            });
    TextLines lines = new TextLines(twice, "it", 10, 100);

    assertThat(lines.row()).isEqualTo(new TextLines.Line(1, "a", ""));
    assertThatThrownBy(lines::row).isInstanceOf(IOException.class);
    assertThat(lines.row()).isNull();
  }

  @Test
  void a_line_that_is_too_long_is_refused() throws IOException {
    TextLines lines = lines("a\n12345678901\n", 10, 100);
    lines.next();

    assertThatThrownBy(lines::next)
        .isInstanceOf(InputException.class)
        .hasMessage("it:2: the line is longer than 10 bytes");
  }

  @Test
  void a_row_that_is_too_long_or_no_text_is_a_fault_of_its_own() throws IOException {
    TextLines lines = lines("12345678901\n\u00ff\nb", 10, 100);

    assertThat(lines.row()).isEqualTo(new TextLines.Line(1, "", "is longer than 10 bytes"));
    assertThat(lines.row()).isEqualTo(new TextLines.Line(2, "", "is not UTF-8 text"));
    assertThat(lines.row()).isEqualTo(new TextLines.Line(3, "b", ""));
    assertThat(lines.row()).isNull();
  }

  @Test
  void behind_the_bound_no_line_is_begun() throws IOException {
    TextLines lines = lines("ab\ncd\nef\n", 10, 4);

    assertThat(lines.next()).hasSize(2);
    assertThat(lines.next()).hasSize(2);
    assertThat(lines.next()).isNull();
    assertThat(lines.isCutShort()).isTrue();
  }

  private static TextLines lines(String text, int longest, long most) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new TextLines(new ByteArrayInputStream(bytes), "it", longest, most);
  }
}
