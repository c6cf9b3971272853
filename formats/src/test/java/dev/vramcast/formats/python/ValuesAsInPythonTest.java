package dev.vramcast.formats.python;

import static dev.vramcast.formats.python.ProgramValuesTest.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.python.handed.Choice;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesAsInPythonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "f(x=int(os.environ.get('GC', '1')) == 1); true",
        "f(x=os.environ.get('GC', '1') == 1); false",
        "f(x=16 if int(os.environ.get('BIG', '1')) == 1 else 2); 16",
        "W = int(os.environ.get('W', '1'))~f(x=128 // (4 * W)); 32",
        "f(x=128 // (4 * int(os.environ.get('W', '2')))); 16",
        "f(x=int(7.5) * 2); 14",
        "f(x=int(-7.5)); -7",
        "f(x=int(2048 * 0.9)); 1843",
        "f(x=int(100 * 0.29)); 28",
        "f(x=int('+1_0') + 1); 11",
        "f(x=int(True) + 1); 2",
        "f(x=int('many')); <int ( many )>",
        "f(x=int('7.5')); <int ( 7.5 )>",
        "f(x=int(None)); <int ( None )>",
        "f(x=int(n)); <n>",
        "f(x=int(1e999)); <int ( 1e999 )>",
        "f(x=float('2e-4')); 0.0002",
        "f(x=float('8') // 3); 2.0",
        "f(x=str(8) == '8'); true",
        "f(x=str(8) == 8); false",
        "f(x=str(True)); True",
        "f(x=bool('')); false",
        "f(x=bool('0')); true",
        "f(x=bool(int('0'))); false",
        "f(x=bool(other.flag)); <bool ( other . flag )>",
        "f(x=True == 1); true",
        "f(x=True is 1); false",
        "f(x=1 == 1.0); true",
        "f(x=1 == 1 == 2); <1 == 1 == 2>",
        "f(x=1 < 2 == 2); <1 2 == 2>",
        "f(x=1 + 2 == 3); true",
        "T = torch.float16~f(x=T is not torch.float16); false",
      })
  void casts_convert_before_anything_is_compared(String text, String value) {
    Object found = value(text);
    assertThat(found instanceof BigDecimal number ? number.toPlainString() : "" + found)
        .isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "f(x=list(('q', 'v'))); [q, v]",
        "f(x=tuple(['q'])); [q]",
        "f(x=list({'q': 1})); <list ( { q : 1 } )>",
        "D = {'q': 1}~f(x=tuple(D)); <tuple ( D )>",
      })
  void a_list_of_a_dictionary_is_not_the_dictionary(String text, String value) {
    assertThat(String.valueOf(value(text))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "f(x=(8 if True else 4) * (2)); 16",
        "f(x=(True or False) and (False or False)); false",
        "f(x=(128 // 4) // (2)); 16",
        "f(x=((8))); 8",
        "f(x=[1] + [2]); [1, 2]",
        "f(x=[1] - [2]); <[ 1 ] - [ 2 ]>",
        "f(x={'a': 1} | {'b': 2}); <{ a : 1 } | { b : 2 }>",
        "f(x=dict(a=1) | dict()); <dict ( a = 1 ) | dict ( )>",
        "f(x=(1 == 1) == (2 == 2)); true",
      })
  void brackets_are_one_pair_only_where_the_first_closes_last(String text, String value) {
    assertThat(String.valueOf(value(text))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "None; false",
        "0; false",
        "0.0; false",
        "0.5; true",
        "''; false",
        "[]; false",
        "{}; false",
        "dict(); false",
        "[0]; true",
        "{'a': 0}; true",
        "False; false",
      })
  void one_notion_of_truth_decides_not_and_or_and_if(String text, boolean holds) {
    assertThat(value("V = " + text + "~f(x=1 if V else 2)"))
        .isEqualTo(new BigDecimal(holds ? 1 : 2));
    assertThat(value("V = " + text + "~f(x=not V)")).isEqualTo(!holds);
    assertThat(value("V = " + text + "~f(x=V and 4 or 8)"))
        .isEqualTo(new BigDecimal(holds ? 4 : 8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"'text'", "{**a}", "[*a]", "[b for b in a]", "other.flag", "g()"})
  void of_what_may_be_empty_no_truth_is_known(String text) {
    assertThat(value("V = " + text + "~f(x=1 if V else 2)"))
        .isEqualTo(new Choice(BigDecimal.ONE, "V"));
    assertThat(value("V = " + text + "~f(x=not V)")).isEqualTo("<not V>");
  }

  @Test
  void or_gives_the_value_that_stands_behind_nothing() {
    assertThat(value("p.add_argument('--r', default=None)~f(x=args.r or 16)"))
        .isEqualTo(new BigDecimal(16));
    assertThat(value("f(x=None or g())")).isEqualTo("<None or g ( )>");
  }

  @Test
  void a_condition_that_is_a_choice_takes_its_branch_as_one() {
    assertThat(value("f(x='a' if not torch.cuda.is_available() else 'b')"))
        .isEqualTo(new Choice("b", "torch . cuda . is_available ( )"));
    assertThat(value("f(x=int(torch.cuda.is_available()))"))
        .isEqualTo(new Choice(BigDecimal.ONE, "torch.cuda.is_available()"));
  }

  @Test
  void the_least_and_the_largest_of_two() {
    assertThat(value("f(x=min(4, 8))")).isEqualTo(new BigDecimal(4));
    assertThat(value("f(x=max(4, 8))")).isEqualTo(new BigDecimal(8));
    assertThat(value("f(x=min(4, g()))")).isEqualTo("<min ( 4 , g ( ) )>");
    assertThat(value("f(x=max(tokenizer.model_max_length, 8))")).asString().startsWith("<max");
    for (String pair :
        List.of("tokenizer.model_max_length, 64", "64, tokenizer.model_max_length")) {
      assertThat(value("f(x=min(" + pair + "))"))
          .isEqualTo(new Choice(new BigDecimal(64), "the tokenizer's own limit is no less"));
    }
  }

  @Test
  void what_python_refuses_is_not_known() {
    assertThat(value("f(x=1, x=2)")).isEqualTo("<x twice>");
    assertThat(value("f(x=1, x=1)")).isEqualTo(BigDecimal.ONE);
  }

  @Test
  void a_loaded_model_has_the_dtype_that_it_is_loaded_in() {
    String asks = "~d = model.dtype~f(x=d == torch.bfloat16)";
    assertThat(value("model = A.from_pretrained('a', dtype=torch.float16)" + asks))
        .isEqualTo(false);
    assertThat(value("model = A.from_pretrained('a', torch_dtype=torch.bfloat16)" + asks))
        .isEqualTo(true);
    assertThat(value("model = A.from_pretrained('a', dtype='auto')" + asks))
        .isEqualTo(new Choice(true, "the checkpoint is in bf16"));
    assertThat(value("model = A.from_pretrained('a', dtype='half')~f(x=model.dtype)"))
        .isEqualTo("torch.float16");
    assertThat(value("model = A.from_pretrained('a', dtype=torch.float)~f(x=model.dtype)"))
        .isEqualTo("torch.float32");
    assertThat(value("model = g()" + asks)).asString().startsWith("<");
  }
}
