package dev.vramcast.formats.python;

import static dev.vramcast.formats.python.ProgramValuesTest.value;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements run as conditions say that are known; lines are parted by {@code ~}. */
class BranchesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Q = None~if False:~    Q = 4~f(x=Q); null",
        "B = 4~if B == 8:~    Q = 8~elif B == 4:~    Q = 4~else:~    Q = 16~f(x=Q); 4",
        "B = 8~if B > 4:~    Q = 8~elif unknown():~    Q = 4~else:~    Q = 16~f(x=Q); 8",
        "R = 0~for i in g():~    R = 8~else:~    R = 4~f(x=R); 4",
        "A = True~if A:~    Q = 2~~# a comment~else:~    Q = 3~f(x=Q); 2",
        "A = False~def main():~    if A:~        f(x=4)~    f(x=16)~main(); 16",
        "def main():~    A = False~    if A:~        f(x=4)~    f(x=16)~main(); 16",
        "M = 'lora'~if M == 'qlora' and unknown():~    f(x=4)~f(x=16); 16",
        "M = 'lora'~if M == 'lora' or unknown():~    f(x=16)~else:~    f(x=4); 16",
        "M = 'a'~if M == 'b':~    A = True~if M == 'a':~    A = False~if A:~    f(x=4)~f(x=16); 16",
        "if __name__ == '__main__':~    A = False~    if A:~        f(x=4)~    f(x=16); 16",
        "R = None~if R is not None:~    f(x=4)~f(x=16); 16",
        "A: bool = False~if A:~    f(x=4)~f(x=16); 16",
        "p.add_argument('--one', action='store_true')~if args.one:~    f(x=4)~f(x=16); 16",
        "p.add_argument('--one', default='a')~if args.one == 'b':~    f(x=4)~f(x=16); 16",
        "p.add_argument('--one')~if args.one:~    f(x=4)~print(vars(args))~f(x=16); 16",
        "p.add_argument('--one', action='store_true')~a = p.parse_args(sys.argv[1:])~"
            + "if args.one:~    f(x=4)~f(x=16); 16",
        "p.add_argument('--one', action='store_true')~a = p.parse_args([])~"
            + "if args.one:~    f(x=4)~f(x=16); 16",
        "p.add_argument('--one', action='store_true')~a, _ = p.parse_known_args(args=None)~"
            + "if args.one:~    f(x=4)~f(x=16); 16",
        "p.add_argument('--one', action='store_true')~"
            + "def main(argv=None):~    args = p.parse_args(argv)~main()~"
            + "if args.one:~    f(x=4)~f(x=16); 16",
        "p.add_argument('--one', action='store_true')~"
            + "def main(args):~    args = p.parse_args(args)~main(sys.argv[1:])~"
            + "if args.one:~    f(x=4)~f(x=16); 16",
        "p.add_argument('--one', action='store_true')~sys.argv[0] = 'a.py'~a = p.parse_args()~"
            + "if args.one:~    f(x=4)~f(x=16); 16",
        "p.add_argument('--one', action='store_true')~"
            + "argv = sys.argv[1:]~a = p.parse_args(argv)~"
            + "if args.one:~    f(x=4)~f(x=16); 16",
        "class C:~    one: bool = False~a = HfArgumentParser(C)"
            + ".parse_args_into_dataclasses(return_remaining_strings=True)~"
            + "if args.one:~    f(x=4)~f(x=16); 16",
        "class C:~    one: bool = False~p = HfArgumentParser(C)~if g():~"
            + "    a = p.parse_json_file(sys.argv[1])~else:~"
            + "    a = p.parse_args_into_dataclasses()~"
            + "if args.one:~    f(x=4)~f(x=16); 16",
        "A = 4~if torch.cuda.is_bf16_supported():~    A = 16~else:~    A = 8~f(x=A); 16",
        "if torch.cuda.get_device_capability()[0] >= 8:~    A = 16~else:~    A = 8~f(x=A); 16",
      })
  void what_is_known_not_to_run_says_nothing(String text, String value) {
    assertThat(String.valueOf(value(text))).isEqualTo(value);
  }

  /** Where a name may have another value, all branches are read: here the one that says 4. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "A = False~A = True~IF A",
        "A = True~try:~    import b~except ImportError:~    A = False~IF A",
        "try:~    A = False~except ValueError:~    pass~IF A",
        "for i in g():~    A = False~IF A",
        "while g():~    A = False~IF A",
        "with g():~    A = False~IF A",
        "if unknown():~    A = False~IF A",
        "A = 0~A += 1~IF A",
        "A = 8~A /= 2~IF A != 4 and A == 9",
        "A = []~A.append(1)~IF A",
        "A = {}~A['x'] = 1~IF A",
        "def g():~    global A~    A = True~A = False~g()~IF A",
        "def g():~    A = False~IF A",
        "A = False~def load(A):~    IF A",
        "A = False~def load(name, A=True):~    IF A",
        "A = False~load = lambda A: A~IF A",
        "A = False~for A in g():~    IF A",
        "A = False~with g() as A:~    IF A",
        "A = False~from settings import A~IF A",
        "A = False~from settings import *~IF A",
        "A = False~exec(open('c.py').read())~IF A",
        "A = False~globals()['A'] = True~IF A",
        "A = B = False~A, B = g()~IF A",
        "A = False~(A := g())~IF A",
        "A = False~del A~IF A",
        "A = f'{x}'~IF A == 'q'",
        "A = g()~IF A",
        "class C:~    one: bool = False~config = merge(C, load('a'))~IF config.one",
        "p.add_argument('--one', required=True)~IF args.one",
        "p.add_argument('--one', default=False)~args.one = True~IF args.one",
        "p.add_argument('--one', default=False)~setattr(args, 'one', True)~IF args.one",
        "p.add_argument('--one', default=False)~p.set_defaults(one=True)~IF args.one",
        "p.add_argument('--one', default=False)~a = p.parse_args(['--one', '1'])~IF args.one",
        "p.add_argument('--one', default=False)~args.__dict__.update(c)~IF args.one",
        "p.add_argument('--one', default=False)~a = p.parse_args(args=['--one', '1'])~IF args.one",
        "p.add_argument('--one', default=False)~A = ['--one']~a = p.parse_args(A)~IF args.one",
        "p.add_argument('--one', default=False)~a = p.parse_args('--one 1'.split())~IF args.one",
        "p.add_argument('--one', default=False)~"
            + "a, _ = p.parse_known_args(shlex.split(LINE))~IF args.one",
        "p.add_argument('--one', default=False)~sys.argv = ['a.py', '--one']~IF args.one",
        "p.add_argument('--one', default=False)~sys.argv += ['--one']~IF args.one",
        "p.add_argument('--one', default=False)~sys.argv.append('--one')~IF args.one",
        "from sys import path, argv~p.add_argument('--one', default=False)~"
            + "argv.append('--one')~IF args.one",
        "from sys import argv~p.add_argument('--one', default=False)~argv += ['--one']~IF args.one",
        "p.add_argument('--one', default=False)~sys.argv.extend(['--one'])~IF args.one",
        "p.add_argument('--one', default=False)~sys.argv.insert(1, '--one')~IF args.one",
        "p.add_argument('--one', default=False)~sys.argv[1:] = ['--one']~IF args.one",
        "p.add_argument('--one', default=False)~args.__setattr__('one', True)~IF args.one",
        "p.add_argument('--one', default=False)~"
            + "a = p.parse_args(sys.argv[1:] + ['--one'])~IF args.one",
        "p.add_argument('--one', default=False)~a = p.parse_args(namespace=N)~IF args.one",
        "p.add_argument('--one', default=False)~argv = ['--one']~"
            + "a = p.parse_args(argv)~IF args.one",
        "p.add_argument('--one', default=False)~"
            + "def main(argv=None):~    return p.parse_args(argv)~main(['--one'])~IF args.one",
        "p.add_argument('--one', default=False)~"
            + "def main(argv=('--one',)):~    return p.parse_args(argv)~main()~IF args.one",
        "p.add_argument('--one', default=False)~"
            + "with patch.object(sys, 'argv', ['a', '--one']):~    a = p.parse_args()~IF args.one",
        "class C:~    one: bool = False~p = HfArgumentParser(C)~"
            + "args = p.parse_dict({'one': True})~IF args.one",
        "class C:~    one: bool = False~p = HfArgumentParser(C)~"
            + "args = p.parse_yaml_file('a.yaml')~IF args.one",
        "class C:~    one: bool = False~p = HfArgumentParser(C)~"
            + "args = p.parse_json_file(json_file='a.json')~IF args.one",
        "class C:~    one: bool = False~p = HfArgumentParser(C)~"
            + "args = p.parse_args_into_dataclasses(['--one', '1'])~IF args.one",
        "class C:~    one: bool = False~p = HfArgumentParser(C)~"
            + "args = p.parse_args_into_dataclasses(args=['--one'])~IF args.one",
        "class C:~    one: bool = False~"
            + "args = TrlParser(C).parse_args_and_config(['--one', '1'])~IF args.one",
        "p.add_argument('--one', default=False)~vars(args)['one'] = True~IF args.one",
        "p.add_argument('--one', type=int, default='0')~IF args.one == 1",
        "class C:~    one: bool = False~args = C(one=True)~IF args.one",
        "class C:~    one: bool = False~config.update(given)~IF config.one",
        "class C:~    one: bool = False~args = C(**given)~IF args.one",
        "class C:~    one: bool = False~args = p.parse_yaml_file('a')~IF args.one",
        "class C:~    one: bool = False~class D:~    one: bool = True~IF args.one",
        "class C:~    one: bool = field(default_factory=g)~IF args.one",
        "class C:~    one = False~    def __init__(self, g):~        self.one = g~IF config.one",
        "one = False~class C:~    def load(self, one):~        IF one",
        "IF unknown",
        "IF torch.cuda.is_available()",
      })
  void what_may_have_another_value_is_not_known(String text) {
    String program = "f(x=16)~" + text.replaceFirst("(?s)( *)IF (.*)", "$1if $2:~$1    h(y=4)");
    assertThat(PythonCallsTest.names(program.replace('~', '\n'))).contains("h");
  }
}
