package dev.vramcast.formats.python;

import static dev.vramcast.formats.python.ProgramValuesTest.value;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements run as conditions say that are known; lines are parted by {@code ~}. */
class BranchesTest {

  private static final String OPTION = "p.add_argument('--four', action='store_true')~";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Q = None~if False:~    Q = 4~f(x=Q); null",
        "Q = None~if args.four:~    Q = 4~f(x=Q); null",
        "if args.four:~    f(x=4)~else:~    f(x=16); 16",
        "if not args.four:~    f(x=16)~else:~    f(x=4); 16",
        "B = 4~if B == 8:~    Q = 8~elif B == 4:~    Q = 4~else:~    Q = 16~f(x=Q); 4",
        "B = 8~if B > 4:~    Q = 8~elif unknown():~    Q = 4~else:~    Q = 16~f(x=Q); 8",
        "if args.four: f(x=4)~else: f(x=16); 16",
        "Q = 1~if args.four:~    if unknown():~        Q = 4~    Q = 2~f(x=Q); 1",
        "def load(args):~    if args.four:~        return 4~    f(x=16)~load(1); 16",
        "R = 0~for i in g():~    R = 8~else:~    R = 4~f(x=R); 4",
        "Q = 1~if unknown():~    Q = 2~f(x=Q); 2",
        "A = True~if A:~    Q = 2~~# a comment~else:~    Q = 3~f(x=Q); 2",
      })
  void what_is_known_not_to_run_says_nothing(String text, String value) {
    assertThat(String.valueOf(value(OPTION + text))).isEqualTo(value);
  }

  /** What callers give a function is theirs, whatever has that name elsewhere. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "four = False~def load(name, four=True):~    if four:~        f(x=4)~load('m', True); 4",
        "four = False~async def load(*, four: bool):~    if four:~        f(x=4)~load(True); 4",
        "p.add_argument('--one', required=True)~if args.one:~    f(x=4); 4",
        "four = False~def load(name):~    if four:~        f(x=4)~f(x=16); 16",
      })
  void what_callers_give_is_not_known(String text, String value) {
    assertThat(String.valueOf(value(text))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "class A:~    rank: int = 8~args = A(rank=32)~f(x=args.rank); 32",
        "class A:~    rank: int = 8~def run(args):~    f(x=args.rank)~run(A(rank=32)); 32",
        "class A:~    rank: int = 8~a = A(rank=1)~b = A(rank=2)~f(x=args.rank); <rank>",
        "class A:~    rank: int = 8~args = B(rank=32)~f(x=args.rank); 8",
        "class A:~    RANK = 8~f(x=A.RANK); 8",
        "class A:~    RANK = 8~    def g(self):~        RANK = 2~f(x=A.RANK); 8",
        "p.add_argument('--rank', default=8)~args.rank = 16~f(x=args.rank); 16",
        "p.add_argument('-r', '--rank', default=8)~f(x=args.rank); 8",
        "p.add_argument('--lora-rank', dest='rank', default=8)~f(x=args.rank); 8",
        "p.add_argument('--off', action='store_false')~f(x=args.off); true",
        "p.add_argument('--rank', required=True)~f(x=args.rank); <--rank>",
      })
  void fields_and_arguments_are_what_the_program_gives_them(String text, String value) {
    assertThat(String.valueOf(value(text))).isEqualTo(value);
  }
}
