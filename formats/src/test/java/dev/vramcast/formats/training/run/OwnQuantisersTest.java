package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the code of a model's own repository quantises. */
class OwnQuantisersTest {

  private static final String TRAINS =
      "trainer = SFTTrainer(model=model, args=SFTConfig('out', max_length=512))\ntrainer.train()\n";

  private static boolean isRefused(String program) {
    return of("train.py", program.replace("~", TRAINS)).notModelled().isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model = AutoModel.from_pretrained('THUDM/chatglm3-6b')\nmodel = model.quantize(4)\n~",
        "model = AutoModel.from_pretrained('THUDM/chatglm3-6b').quantize(4).cuda()\n~",
        "model = AutoModel.from_pretrained('a/b').half().quantize(bits)\n~",
        "model = AutoModel.from_pretrained('a/b')\nmodel = model.quantize(\n    4)\n~",
        "model = AutoModel.from_pretrained('a/b')\nif args.bits:\n"
            + "    model = model.quantize(args.bits)\n~",
        "base = AutoModel.from_pretrained('a/b')\nmodel = base.quantize(8)\n~",
      })
  void a_model_that_its_own_code_quantises_is_not_modelled(String program) {
    assertThat(isRefused(program)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model = AutoModel.from_pretrained('a/b')  # .quantize(4)\n~",
        "model = AutoModel.from_pretrained('a/b')\n~audio = wav.quantize(8)\n",
        "model = AutoModel.from_pretrained('a/b')\n~trainer.model.quantize(8)\n",
        "model = AutoModel.from_pretrained('a/b')\n~model = model.quantize(8)\n",
        "\"\"\"\nmodel.quantize(4)\n\"\"\"\nmodel = AutoModel.from_pretrained('a/b')\n~",
        "def demo():\n    m = AutoModel.from_pretrained('a/c').quantize(4)\n    return m\n"
            + "model = AutoModelForCausalLM.from_pretrained('a/b')\n~",
      })
  void what_quantises_something_else_says_nothing_of_the_model(String program) {
    assertThat(isRefused(program)).isFalse();
  }
}
