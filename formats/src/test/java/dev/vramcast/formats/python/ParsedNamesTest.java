package dev.vramcast.formats.python;

import static dev.vramcast.formats.python.ProgramValuesTest.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.python.handed.Choice;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names are what a program has parsed of its command; lines are parted by {@code ~}. */
class ParsedNamesTest {

  private static final String PARSES =
      "ap = argparse.ArgumentParser()~ap.add_argument('--bs', default=32)~p = ap.parse_args()~";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f(x=p.bs)",
        "n = sum(p.numel() for p in g())~f(x=p.bs)",
        "n = sum(map(lambda p: p.numel(), g()))~f(x=p.bs)",
        "n = [q for q, p in g()]~f(x=p.bs)",
        "def show(m):~    for n, p in m.named_parameters():~        print(n, p)~f(x=p.bs)",
        "def show(p):~    print(p.bs)~f(x=p.bs)",
        "def show(m, *, p=None):~    print(p.bs)~f(x=p.bs)",
        "def show():~    with g() as (a, p):~        print(p)~f(x=p.bs)",
        "def show():~    import os, p~f(x=p.bs)",
        "def show(): p = 1~f(x=p.bs)",
        "class P:~    p = 1~f(x=p.bs)",
        "g(p=4)~f(x=p.bs)",
        "def run():~    f(x=p.bs)",
        "def run(m):~    n = sum(p.numel() for p in m)~    f(x=p.bs)",
        "p.seed = 3~f(x=p.bs)",
      })
  void the_name_is_known_beside_others_that_are_written_so(String text) {
    assertThat(value(PARSES + text)).isEqualTo(BigDecimal.valueOf(32));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def run(p):~    f(x=p.bs)",
        "def run(a, p: Preset = None):~    f(x=p.bs)",
        "async def run(a, *, p):~    f(x=p.bs)",
        "def run():~    for n, p in g():~        f(x=p.bs)",
        "def run():~    with g() as (a, p):~        f(x=p.bs)",
        "def run():~    a, p = g()~    f(x=p.bs)",
        "def run():~    (a, p) = g()~    f(x=p.bs)",
        "def run():~    if (p := g()):~        f(x=p.bs)",
        "def run():~    import os, p~    f(x=p.bs)",
        "def run():~    try: g()~    except E as p: f(x=p.bs)",
        "for n, p in g():~    f(x=p.bs)",
        "p = g(p)~f(x=p.bs)",
        "def other():~    global p~    p = g()~f(x=p.bs)",
        "h = [f(x=p.bs) for p in g()]",
        "h = lambda p: f(x=p.bs)",
        "h = g(lambda a, p=1: f(x=p.bs))",
        "def p():~    pass~f(x=p.bs)",
        "match g():~    case [a, p]:~        f(x=p.bs)",
      })
  void another_that_is_written_so_is_not_known(String text) {
    assertThat(value(PARSES + text)).isEqualTo("p.bs");
  }

  @Test
  void a_function_that_parses_keeps_its_name_for_itself() {
    String parses = PARSES.replace("p = ap", "def get():~    p = ap") + "    ";

    assertThat(value(parses + "f(x=p.bs)")).isEqualTo(BigDecimal.valueOf(32));
    assertThat(value(parses + "return p~def run(p):~    f(x=p.bs)")).isEqualTo("p.bs");
  }

  @Test
  void conditions_are_shown_as_the_program_has_them() {
    String text = "ap.add_argument('--mode', required=True)~Q = 4~if p.mode == 'big':~    Q = 1~";

    assertThat(value(PARSES + text + "f(x=Q)"))
        .isEqualTo(new Choice(BigDecimal.ONE, "p . mode == big"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Q = 4~if g(): Q = 2~f(x=Q)",
        "Q = 4~if g(): R = 1; Q = 2~f(x=Q)",
        "R = 1; Q = 4~if g(): Q = 2~f(x=Q)",
        "Q = 4~if g():~    R = 1; Q = 2~f(x=Q)",
      })
  void a_block_of_one_line_is_a_block(String text) {
    assertThat(value(text)).isEqualTo(new Choice(BigDecimal.valueOf(2), "g ( )"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Q = 1; R = 2~f(x=R)", "def a(): return 1~R = 2; f(x=R)"})
  void statements_of_one_line_are_read_one_by_one(String text) {
    assertThat(value(text)).isEqualTo(BigDecimal.valueOf(2));
  }
}
