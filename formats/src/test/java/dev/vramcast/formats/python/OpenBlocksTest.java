package dev.vramcast.formats.python;

import static dev.vramcast.formats.python.ProgramValuesTest.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.python.handed.Choice;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What names are behind blocks that may not run; lines are parted by {@code ~}. */
class OpenBlocksTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Q = 1~if g():~    Q = 2~f(x=Q); 2; g ( )",
        "if g():~    Q = 1~else:~    Q = 2~f(x=Q); 2; not g ( )",
        "if g():~    Q = 1~elif h():~    Q = 2~else:~    Q = 3~f(x=Q); 3; not g ( ) and not h ( )",
        "if p == 'a':~    Q = 1~elif p == 'b':~    Q = 2~f(x=Q); 2; p == b",
        "if g():~    Q, R = 1, 2~else:~    Q, R = 3, 4~f(x=R); 4; not g ( )",
        "Q = 1~with g():~    if h():~        Q = 2~f(x=Q); 2; h ( )",
        "try:~    Q = 1~except E:~    Q = 2~f(x=Q); 1; nothing is raised",
        "Q = 1~def a():~    global Q~    Q = 2~    if g():~        Q = 3~f(x=Q); 3; g ( )",
        "class A:~    def __init__(self):~        self.q = 1~        if g():~"
            + "            self.q = 2~    def b(self):~        f(x=self.q); 2; g ( )",
        "d = {'a': 1}~if g():~    d['a'] = 2~f(x=d['a']); 2; g ( )",
        "d = {}~if g():~    d['a'] = 2~f(x=d['a']); 2; g ( )",
        "d = dict(x=1)~if g():~    d['x'] = 2~f(**d); 2; g ( )",
        "class MyConfig:~    q: int = 1~c = MyConfig()~if g():~    c.q = 2~f(x=c.q); 2; g ( )",
        "class MyConfig:~    q: int = 1~c = MyConfig()~try:~    h()~except E:~    c.q = 2~"
            + "f(x=c.q); 1; nothing is raised",
        "try:~    Q = g()~except E:~    Q = 2~f(x=Q); 2; something is raised",
        "Q = 1~try:~    h()~except E:~    Q = 2~f(x=Q); 1; nothing is raised",
        "d = {'a': 1}~try:~    h()~except E:~    d['a'] = 2~f(**d, x=d['a']); 1; nothing is raised",
        "d = dict(x=1)~try:~    h()~except E:~    d.update(x=2)~f(**d); 1; nothing is raised",
        "d = dict(x=1)~if g():~    d.update(x=2)~f(**d); 2; g ( )",
        "d = dict(y=1)~if g():~    d.update({'x': 2})~f(**d); 2; g ( )",
        "Q = 1~def a():~    global Q~    if g():~        Q = 2~def b():~    f(x=Q); 2; g ( )",
        "Q = 1~def a():~    global P, Q~    if g():~        Q = 2~f(x=Q); 2; g ( )",
        "def a():~    Q = 1~    def b():~        nonlocal Q~        if g():~            Q = 2~"
            + "    f(x=Q); 2; g ( )",
        "if g():~    d = {'x': 1}~else:~    d = {'x': 2}~f(**d); 2; not g ( )",
        "d = {'x': 1}~if g():~    d = {'x': 2}~f(**d); 2; g ( )",
        "d = {'x': 1}~try:~    h()~except E:~    d = {'x': 2}~f(**d); 1; nothing is raised",
        "match p:~    case 'a':~        Q = 1~    case 'b':~        Q = 2~f(x=Q); 2; case b",
        "c = MyConfig(one=1)~if c.one > 2:~    Q = 1~else:~    Q = 2~f(x=Q); 2; not c . one > 2",
      })
  void which_of_two_values_is_taken_is_a_choice(String text, int taken, String condition) {
    assertThat(value(text)).isEqualTo(new Choice(BigDecimal.valueOf(taken), condition));
  }

  @Test
  void what_only_the_other_of_two_dictionaries_has_is_not_known() {
    assertThat(value("if g():~    d = {'y': 1}~else:~    d = {'x': 2}~f(**d)"))
        .isEqualTo(new Choice(BigDecimal.valueOf(2), "not g ( )"));
    assertThat(value("if g():~    d = {'x': 1}~else:~    d = {}~f(**d)")).isEqualTo("<x if g ( )>");
    assertThat(value("if g():~    d = {'x': 1}~else:~    d = {'x': 1}~f(**d)"))
        .isEqualTo(BigDecimal.ONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "class A:~    one: bool = True~    two: bool = False~class B:~"
            + "    def __init__(self, c):~        self.config = c~        self.q = 1~"
            + "        if self.config.one:~            self.q = 2~"
            + "        elif self.config.two:~            self.q = 3~"
            + "    def b(self):~        f(x=self.q); 2",
        "class A:~    one: bool = False~class B:~    def __init__(self, c):~"
            + "        self.config = c~        self.q = 1~        if self.config.one:~"
            + "            self.q = 2~    def b(self):~        f(x=self.q); 1",
      })
  void a_value_that_is_likely_decides_which_is_taken(String text, int taken) {
    assertThat(value(text))
        .isInstanceOfSatisfying(
            Choice.class,
            choice -> assertThat(choice.value()).isEqualTo(BigDecimal.valueOf(taken)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "if g():~    Q = 1~f(x=Q); 1",
        "if g():~    Q = 1~else:~    Q = 1~f(x=Q); 1",
        "if g():~    Q = 1~    Q = 2~    f(x=Q); 2",
        "if g():~    d = {'a': 1}~    d['a'] = 2~    f(x=d['a']); 2",
        "def a():~    Q = 1~def b():~    if g():~        Q = 2~        f(x=Q); 2",
        "Q = 1~if __name__ == '__main__':~    Q = 2~f(x=Q); 2",
        "A = True~Q = 1~if A:~    Q = 2~f(x=Q); 2",
        "with g():~    Q = 1~Q = 2~f(x=Q); 2",
        "Q = 4~Q *= 8~f(x=Q); 32",
        "Q = 4~R = 3~Q *= R + 1~f(x=Q); 16",
        "Q = 40~Q -= 8~f(x=Q); 32",
      })
  void where_only_one_value_can_be_meant_it_is_that(String text, int value) {
    assertThat(value(text)).isEqualTo(BigDecimal.valueOf(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "d = dict(y=1)~try:~    h()~except E:~    d['x'] = 2~f(**d)",
        "d = dict(y=1)~try:~    h()~except E:~    d.update(x=2)~f(**d)",
        "d = dict(y=1)~try:~    h()~except E:~    d.update({'x': 2}, z=3)~f(**d)",
        "d = dict(y=1)~try:~    h()~except E:~    d.update(unknown)~f(**d)",
        "a = SFTConfig(y=1)~try:~    h()~except E:~    a.x = 2~f(a)",
        "class A:~    def __init__(self):~        self.d = dict(y=1)~a = SFTConfig(y=1)~"
            + "try:~    h()~except E:~    if g():~        pass~    a.x = 2~f(a)",
      })
  void what_only_an_except_gives_is_not_there(String text) {
    assertThat(
            PythonCallsTest.calls(text.replace('~', '\n')).stream()
                .filter(call -> call.name().equals("f") || call.name().equals("SFTConfig"))
                .flatMap(call -> call.arguments().keySet().stream()))
        .isNotEmpty()
        .doesNotContain("x", "z", "**");
  }

  @Test
  void the_branch_that_is_likely_is_taken_by_its_own_condition() {
    String text =
        "class A:~    one: bool = True~class B:~    def __init__(self, c):~"
            + "        self.config = c~        if self.config.one:~            self.q = 1~"
            + "        else:~            self.q = 2~    def b(self):~        f(x=self.q)";
    assertThat(value(text)).isEqualTo(new Choice(BigDecimal.ONE, "self . config . one"));
  }

  @Test
  void an_object_that_an_except_makes_has_what_is_given_there() {
    String text =
        "class MyConfig:~    q: int = 1~try:~    h()~except E:~    c = MyConfig()~    c.q = 2~"
            + "f(x=c.q)";
    assertThat(value(text)).isEqualTo(BigDecimal.valueOf(2));
  }

  @Test
  void a_list_of_an_except_does_not_count() {
    String text = "try:~    Q = ['a']~except E:~    Q = ['b']~f(x=Q)";
    assertThat(value(text).toString()).isEqualTo("[a]");
  }

  @Test
  void what_a_loop_adds_to_is_not_known() {
    assertThat(value("Q = 4~for i in g():~    Q *= 2~f(x=Q)")).isEqualTo("<Q *= 2>");
    assertThat(value("Q = 4~Q *= g()~f(x=Q)")).isEqualTo("<Q *= g ( )>");
  }

  @Test
  void a_list_may_be_added_to() {
    assertThat(value("T = ['q']~T += ['v']~f(x=T)").toString()).isEqualTo("[q, v]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "q = getattr(model.config, name, None)~if not q:~    q = 1024~f(x=q)",
        "q = model.config.n_positions~if q is None:~    q = 1024~f(x=q)",
        "q = getattr(model.config, 'n_positions', None)~if q is None:~    q = 1024~f(x=q)",
        "q = getattr(self.model.config, 'seq_length', None) or 1024~f(x=q)",
        "q = getattr(config, 'max_position_embeddings', 1024)~f(x=q)",
        "q = getattr(model.config, 'n_positions', 512)~if q > 1024:~    q = 1024~f(x=q)",
      })
  void what_stands_in_for_a_missing_part_of_a_model_is_not_taken(String program) {
    assertThat(String.valueOf(value(program.replace('~', '\n'))))
        .contains("config")
        .doesNotMatch("\\d+");
  }

  @Test
  void what_stands_in_for_a_missing_length_of_a_tokenizer_is_not_taken() {
    String program = "q = tokenizer.model_max_length~if q is None:~    q = 1024~f(x=q)";

    assertThat(value(program.replace('~', '\n'))).isEqualTo("tokenizer.model_max_length");
  }

  @Test
  void a_default_of_the_program_s_own_arguments_is_taken() {
    assertThat(value("q = getattr(args, 'model_max_length', 512)~f(x=q)".replace('~', '\n')))
        .hasToString("512");
  }
}
