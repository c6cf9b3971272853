package dev.vramcast.answers.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.terminal.Terminal;
import java.util.List;
import org.junit.jupiter.api.Test;

class SectionsTest {

  private final Sections sections = new Sections(new Terminal(60, false, true));

  @Test
  void sections_are_apart_and_nothing_stands_before_the_first() {
    sections.title("One");
    sections.add(List.of("  a", "  b"));
    sections.title("Two");

    assertThat(sections.lines()).containsExactly("One", "  a", "  b", "", "Two");
  }

  @Test
  void a_sentence_is_wrapped_below_its_mark() {
    sections.sentence("it fits as it is, and a batch twice as large would fit too");

    assertThat(sections.lines())
        .containsExactly("  · it fits as it is, and a batch twice as large would fit", "    too");
  }

  @Test
  void a_plain_terminal_has_plain_marks() {
    Sections plain = new Sections(new Terminal(60, false, false));
    plain.sentence("it fits");

    assertThat(plain.lines()).containsExactly("  - it fits");
  }

  @Test
  void titles_are_bold_where_there_are_colours() {
    Sections coloured = new Sections(new Terminal(60, true, true));
    coloured.title("One");

    assertThat(coloured.lines()).containsExactly("\u001b[1mOne\u001b[0m");
  }
}
