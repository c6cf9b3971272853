package dev.vramcast.formats.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a value stands for. */
class SettingTest {

  private static Setting of(String value) {
    return new Setting("f.py", "key", new Node.Scalar(value, Mark.of(1)));
  }

  @Test
  void what_stands_in_the_json_of_an_option_has_the_place_of_the_option() {
    Setting option =
        new Setting(
            "a.sh", "how", new Node.Scalar("{\"use\": {\"many\": [true]}}", new Mark(5, 9)));
    Setting within = option.at("use").orElseThrow();

    assertThat(within.place().line()).isEqualTo(5);
    assertThat(within.at("many").orElseThrow().place().column()).isEqualTo(9);
  }

  @Test
  void what_is_multiplied_or_added_stays_a_whole_number_or_is_refused() {
    assertThat(of("250000000").times(8)).isEqualTo(2_000_000_000);
    assertThat(of("-8").times(-8)).isEqualTo(64);
    assertThat(of("2000000000").plus(147_483_647)).isEqualTo(Integer.MAX_VALUE);
    assertThatThrownBy(() -> of("2000000000").times(8)).hasMessageContaining("up to 268435455");
    assertThatThrownBy(() -> of("2000000000").plus(147_483_648))
        .hasMessageContaining("up to 1999999999");
    assertThatThrownBy(() -> of("-2000000000").plus(-2_000_000_000))
        .hasMessageContaining("0 or more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model_args.torch_dtype", "cfg.model", "config.train.lora.rank"})
  void a_field_of_arguments_is_filled_in(String value) {
    assertThat(of(value).isVariable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"adapter_config.safetensors", "training_args.bin", "config.yaml", "my_cfg.pt"})
  void a_file_whose_name_ends_like_arguments_is_none(String value) {
    assertThat(of(value).isVariable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<True if not not s.four>; ~True if s.four~",
        "<settings . model . name>; ~settings.model.name~",
        "<ranks [ 0 ]>; ~ranks[0]~",
        "<config [ a ] [ b ]>; ~config[a][b]~",
        "<pick ( size , 2 )>; ~pick(size, 2)~",
        "<2 * g ( )>; ~2 * g()~",
      })
  void an_expression_that_is_not_known_is_shown_as_its_program_has_it(String value, String shown) {
    assertThatThrownBy(() -> of(value).whole())
        .hasMessageContaining("key is " + shown.replace("~", "'") + ", which is not known");
  }
}
