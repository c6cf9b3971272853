package dev.vramcast.answers.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

  @Test
  void a_pipe_has_no_colours_and_a_fixed_width() {
    assertThat(Terminal.of(Map.of("TERM", "xterm"), ""))
        .isEqualTo(new Terminal(Terminal.PLAIN_WIDTH, false, true));
  }

  @Test
  void a_terminal_has_colours_and_its_own_width() {
    assertThat(Terminal.of(Map.of("TERM", "xterm"), "120"))
        .isEqualTo(new Terminal(120, true, true));
  }

  @Test
  void colours_can_be_refused() {
    assertThat(Terminal.of(Map.of("NO_COLOR", "1"), "120").colours()).isFalse();
    assertThat(Terminal.of(Map.of("NO_COLOR", ""), "120").colours()).isTrue();
    assertThat(Terminal.of(Map.of("TERM", "dumb"), "120").colours()).isFalse();
  }

  @Test
  void only_a_locale_with_another_character_set_is_without_unicode() {
    assertThat(Terminal.of(Map.of("LANG", "C"), "").unicode()).isTrue();
    assertThat(Terminal.of(Map.of("LANG", "de_DE.UTF-8"), "").unicode()).isTrue();
    assertThat(Terminal.of(Map.of("LANG", "de_DE.ISO-8859-1"), "").unicode()).isFalse();
    assertThat(Terminal.of(Map.of("LC_ALL", "C.UTF-8", "LANG", "x.KOI8-R"), "").unicode()).isTrue();
  }

  @Test
  void absurd_widths_are_held_in_bounds() {
    assertThat(Terminal.of(Map.of(), "1").width()).isEqualTo(60);
    assertThat(Terminal.of(Map.of(), "999999999").width()).isEqualTo(160);
    assertThat(Terminal.of(Map.of(), "0").width()).isEqualTo(Terminal.PLAIN_WIDTH);
    assertThat(Terminal.of(Map.of(), "wide").width()).isEqualTo(Terminal.PLAIN_WIDTH);
  }

  @Test
  void a_bar_has_eighths_or_whole_signs() {
    Terminal unicode = new Terminal(80, false, true);
    Terminal ascii = new Terminal(80, false, false);

    assertThat(Bar.of(5, 10, 8, unicode)).isEqualTo("████");
    assertThat(Bar.of(1, 16, 8, unicode)).isEqualTo("▌");
    assertThat(Bar.of(5, 10, 8, ascii)).isEqualTo("####");
    assertThat(Bar.of(20, 10, 8, ascii)).isEqualTo("########");
    assertThat(Bar.of(0, 10, 8, unicode)).isEmpty();
    assertThat(Bar.of(1, 1_000_000, 8, unicode)).isEqualTo("▏");
    assertThat(Bar.of(1, 0, 8, ascii)).isEmpty();
  }

  @Test
  void long_text_is_wrapped_at_blanks_and_long_words_are_broken() {
    assertThat(Wrap.lines("one two three", 7)).isEqualTo(List.of("one two", "three"));
    assertThat(Wrap.lines("abcdefghij", 4)).isEqualTo(List.of("abcd", "efgh", "ij"));
    assertThat(Wrap.cut("abcdef", 4, new Terminal(80, false, false))).isEqualTo("a...");
  }

  @Test
  void columns_are_aligned_and_lines_end_at_the_edge() {
    Terminal terminal = new Terminal(60, false, false);
    List<String> lines =
        new Grid(terminal, Grid.Align.LEFT, Grid.Align.RIGHT, Grid.Align.LEFT)
            .row(Cell.plain("a"), Cell.plain("100"), Cell.plain("x".repeat(100)))
            .row(Cell.plain("long"), Cell.plain("1"))
            .lines();

    assertThat(lines.get(0)).startsWith("  a     100  xxx").endsWith("...").hasSize(60);
    assertThat(lines.get(1)).isEqualTo("  long    1");
  }

  @Test
  void a_column_wider_than_the_terminal_leaves_room_for_the_last() {
    Terminal terminal = new Terminal(60, false, false);
    List<String> lines =
        new Grid(terminal, Grid.Align.LEFT, Grid.Align.LEFT, Grid.Align.LEFT)
            .row(Cell.plain("key"), Cell.plain("v".repeat(90)), Cell.plain("why ".repeat(5)))
            .row(Cell.plain("b"), Cell.plain("2"), Cell.plain(""))
            .wrapped()
            .lines();

    assertThat(lines)
        .containsExactly(
            "  key  " + "v".repeat(39) + "  why why why",
            "       " + "v".repeat(39) + "  why why",
            "       " + "v".repeat(12),
            "  b    2");
  }

  @Test
  void styles_do_not_move_columns() {
    Terminal terminal = new Terminal(80, true, true);
    List<String> lines =
        new Grid(terminal, Grid.Align.LEFT, Grid.Align.LEFT)
            .row(Cell.bold("ab"), Cell.plain("x"))
            .row(Cell.plain("abcd"), Cell.plain("x"))
            .lines();

    assertThat(lines.get(0)).isEqualTo("  \u001B[1mab\u001B[0m    x");
    assertThat(lines.get(1)).isEqualTo("  abcd  x");
  }
}
