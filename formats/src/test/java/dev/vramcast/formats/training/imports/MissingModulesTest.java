package dev.vramcast.formats.training.imports;

import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program calls of modules of its own that are not there is said where it may matter. */
class MissingModulesTest {

  private static List<String> said(String lines) {
    String program =
        """
        %s
        SFTTrainer(model="Qwen/Qwen2.5-7B", args=SFTConfig(max_length=512)).train()
        """;
    return of("train.py", program.formatted(lines)).findings().stream()
        .filter(finding -> finding.code() == FindingCode.NOT_FOLLOWED)
        .map(Finding::notice)
        .map(Object::toString)
        .filter(text -> text.contains("which is not beside the file"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "'from lab import add_lora\nadd_lora(m)', add_lora is of lab",
    "'import lab.models as mm\nmodel = mm.add_lora_adapter(model)', add_lora_adapter is of lab",
    "'from lab import wrap, prepare\nmodel = wrap(prepare(model))', wrap is of lab",
    "'from lab import wrap, prepare\nmodel = wrap(prepare(model))', prepare is of lab",
    "'from . import optimum\nmodel = optimum.quantize_model(m)', quantize_model is of .",
  })
  void what_may_make_a_model_is_said(String lines, String words) {
    assertThat(said(lines.replace("\\n", "\n")))
        .anySatisfy(text -> assertThat(text).contains(words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from unsloth_zoo import patch_model\npatch_model()",
        "from cut_cross_entropy import cce_model_patch\ncce_model_patch()",
        "from alignment import get_model\nmodel = get_model(1)",
        "import spacy\nnlp = spacy.load_model('en')",
        "from lab import is_peft_available\nis_peft_available()",
        "from lab import count_model_parameters\ncount_model_parameters(m)",
        "from lab import setup_wandb\nsetup_wandb()",
        "from lab import find\nmodel_name = find(1)",
        "import lab\nlab.show(model)",
      })
  void what_is_published_and_what_only_asks_is_not_spoken_of(String lines) {
    assertThat(said(lines)).isEmpty();
  }
}
