package dev.vramcast.formats.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramValuesTest {

  /** The argument {@code x} of the call of {@code f}. */
  static Object value(String text) {
    List<String> lines = text.replace("~", "\n").lines().toList();
    return PythonCalls.of(
            IntStream.range(0, lines.size())
                .mapToObj(i -> new Node.Scalar(lines.get(i), Mark.of(i + 1)))
                .toList())
        .stream()
        .filter(call -> call.name().equals("f"))
        .findFirst()
        .orElseThrow()
        .arguments()
        .get("x")
        .value();
  }

  @Test
  void what_a_gpu_can_do_is_a_choice_that_is_said() {
    String asked = "torch.cuda.is_available() and torch.cuda.is_bf16_supported()";
    assertThat(value("f(x=" + asked + ")"))
        .isEqualTo(new Choice(true, "torch.cuda.is_available()"));
    assertThat(value("f(x=not torch.cuda.is_bf16_supported())"))
        .isEqualTo(new Choice(false, "torch.cuda.is_bf16_supported()"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "p.add_argument('--rank', type=int, default=8)~args = p.parse_args()~f(x=args.rank); 8",
        "p.add_argument('--lora-r', default=4)~f(x=script_args.lora_r); 4",
        "class A:~    rank: int = 16~    name: str = field(default='m')~f(x=args.name); m",
        "class A:~    rank: int = 16~f(x=args.rank); 16",
        "NAME: str = 'm'~f(x=NAME); m",
        "a, b = 1, 2~f(x=b); 2",
        "a, b = 'm', g(3)~f(x=a); m",
        "f(x=9 // 2); 4",
        "f(x=ROOT / 'models' / 'm'); ${ROOT}/models/m",
        "P = ROOT / 'm'~f(x=str(P)); ${ROOT}/m",
        "f(x=os.path.join(BASE, 'a', 'b')); ${BASE}/a/b",
        "f(x=g() / h()); <g ( ) / h ( )>",
        "import os~f(x=os.environ.get('B', '4') == '4'); true",
        "import os~f(x=os.environ.get('B') == '1'); false",
        "import os~n = os.environ.get('B') == '1'~f(x=not n); true",
        "K = 'lora'~f(x=K != 'lora'); false",
        "f(x=c.kind == 'lora'); <c . kind == lora>",
        "f(x=not_known == 'lora'); <not_known == lora>",
        "r = [8, 16]~f(x=r[0]); 8",
        "r = [8, 16]~f(x=r[-1]); 16",
        "r = [8, 16]~f(x=r[2]); <r [ 2 ]>",
        "r = [8, 16]~f(x=r[0:1]); <r [ 0 : 1 ]>",
        "r = [8, 16]~f(x=r[of]); <r [ of ]>",
        "class P:~    r = [8, 16]~p = P()~f(x=p.r[1]); 16",
        "SIZES = {'a': 8, 'b': 16}~name = 'b'~f(x=SIZES[name]); 16",
        "SIZES = {'a': {'r': 8}}~name = 'a'~f(x=SIZES[name]['r']); 8",
        "SIZES = {'a': 8}~name = 'b'~f(x=SIZES[name]); <SIZES [ name ]>",
        "f(x=not k); <not k>",
        "f(x=2 + 3 * 4 - 1); 13",
        "f(x=(2 + 3) * 4); 20",
        "f(x=2 * -3); -6",
        "f(x=2 * g()); <2 * g ( )>",
        "f(x=7 // 0); <7 // 0>",
        "p.add_argument('--rank', default=8)~f(x=args.rank * 2); 16",
        "def run(args):~    f(x=args.rank)~p.add_argument('--rank', default=8); 8",
        "p.add_argument('--rank', default=None)~f(x=args.rank if args.rank else 4); 4",
        "p.add_argument('--rank', default=0)~f(x=args.rank if args.rank else 4); 4",
        "NAMES = 'a,b'~f(x=NAMES.split(',')); [a, b]",
        "ok = False~f(x=not ok); true",
        "big = True~f(x=1 if big else 2); 1",
        "f(x=1 if big else 1); 1",
        "f(x=not ok()); <not ok ( )>",
        "C = {'l': {'r': 8}, 'n': 2}~f(x=C['l']['r']); 8",
        "C = {'l': {'r': 8}, 'n': 2}~C['n'] = 4~f(x=C['n']); 4",
        "C = {'r': 8}~f(x=C.get('r', 4)); 8",
        "C = {'r': 8}~f(x=C.get('s', 4)); 4",
        "C = load()~f(x=C['r']); <C [ r ]>",
        "C = load()~f(x=C.get('r', 4)); <C . get ( r , 4 )>",
        "f(x=os.environ.get('R', '8')); 8",
        "f(x=int(os.getenv('R', 4))); 4",
        "f(x=int(os.getenv('R'))); <int ( os . getenv ( R ) )>",
        "T = torch.bfloat16~f(x=T == torch.bfloat16); true",
        "T = torch.bfloat16~f(x=T is torch.float16); false",
        "f(x=args.a == torch.float16); <args . a == torch . float16>",
        "R = 32~f(x=R > 16); true",
        "R = 16~f(x=1 if R < 16 else 2); 2",
        "R = 16~f(x=R >= 16); true",
        "R = 16~f(x=R <= 2 ** 4); <R = 2 ** 4>",
        "f(x=0 < 1 < 2); <0 1 2>",
        "f(x=count() > 1); <count ( ) 1>",
        "A = True~f(x=A and not A); false",
        "A = True~f(x=g() and A); <g ( ) and A>",
        "f(x=other.rank); other.rank",
        "f(x={'a', 'b'}); [a, b]",
        "f(x={'a': 1}); {a=1}",
      })
  void values_are_read_off_the_text(String text, String value) {
    assertThat(String.valueOf(value(text))).isEqualTo(value);
  }

  @Test
  void of_a_condition_that_is_not_known_the_first_branch_is_a_choice() {
    assertThat(value("f(x=4 if big() else 2)")).isEqualTo(new Choice(new BigDecimal(4), "big ( )"));
  }

  @Test
  void an_argument_that_nobody_gives_is_nothing() {
    assertThat(value("p.add_argument('--rank', type=int)~f(x=args.rank)")).isNull();
  }

  @Test
  void a_part_that_another_method_changes_is_not_known() {
    String begins = "    def __init__(self):~        self.rank = 4~";
    String changes = "    def big(self):~        self.rank = 32~        return self~";

    assertThat(value("class RunConfig:~" + begins + "cfg = RunConfig()~f(x=cfg.rank)"))
        .isEqualTo(new BigDecimal(4));
    for (String methods : List.of(begins + changes, changes + begins)) {
      String called = "class RunConfig:~" + methods + "cfg = RunConfig().big()~f(x=cfg.rank)";
      assertThat(String.valueOf(value(called))).isIn("<rank>", "cfg.rank");
    }
    assertThat(
            value(
                "class RunConfig:~"
                    + begins
                    + changes.replace("32", "4")
                    + "cfg = RunConfig().big()~f(x=cfg.rank)"))
        .isEqualTo(new BigDecimal(4));
  }
}
