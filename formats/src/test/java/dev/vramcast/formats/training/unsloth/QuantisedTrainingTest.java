package dev.vramcast.formats.training.unsloth;

import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training that rounds weights as it goes has no figure. */
class QuantisedTrainingTest {

  private static final String PROGRAM =
      """
      USE = True
      options = {"r": 16, "target_modules": ["q_proj"]}
      if USE:
          options["qat_scheme"] = "int4"
      model, tokenizer = FastModel.from_pretrained("unsloth/gemma-3-4b-it", LOAD)
      model = FastModel.get_peft_model(model, **options)
      SFTTrainer(model=model, args=SFTConfig(max_length=64)).train()
      """;

  private static Reading read(String use, String load) {
    return of("a.py", PROGRAM.replace("USE = True", use).replace("LOAD", load));
  }

  @ParameterizedTest
  @ValueSource(strings = {"USE = True", "USE = unknown()", "USE = args.use"})
  void a_scheme_of_adapters_is_not_modelled(String use) {
    assertThat(read(use, "load_in_4bit=True").notModelled())
        .get()
        .asString()
        .contains("qat_scheme");
  }

  @Test
  void a_scheme_of_the_loaded_model_is_not_either() {
    String plain = PROGRAM.replace("qat_scheme", "r");
    assertThat(of("a.py", plain.replace("LOAD", "qat_scheme='int8'")).notModelled()).isPresent();
    assertThat(of("a.py", plain.replace("LOAD", "qat_scheme=None")).notModelled()).isEmpty();
  }
}
