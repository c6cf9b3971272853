package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program may take its values, options and the loading of its model from others beside it. */
class ImportedNamesTest {

  private static final String TRAINER =
      """
      model = AutoModelForCausalLM.from_pretrained(MODEL, dtype=torch.bfloat16)
      model = get_peft_model(model, LoraConfig(r=RANK, target_modules=["q_proj"]))
      args = TrainingArguments("out", per_device_train_batch_size=2, bf16=True)
      Trainer(model=model, args=args, train_dataset=data).train()
      """;

  private static final String CONSTANTS = "BASE = 'a/b'\nMODEL = BASE\nRANK = 2 * 16\n";

  private static final String CLASS =
      """
      @dataclass(frozen=True)
      class Settings:
          model: str = "a/b"
          targets: tuple[str, ...] = (
              "q_proj",
              "v_proj",
          )

          rank: int = 32
          double: bool = True

          def __post_init__(self):
              self.rank = 1
      """;

  private static final String LOADING =
      """
      from .settings import Settings
      from transformers import AutoModelForCausalLM

      def quantiser(config):
          return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_use_double_quant=config.double)

      def load(config: Settings):
          bnb_config = quantiser(config)
          model = AutoModelForCausalLM.from_pretrained(config.model, quantization_config=bnb_config)
          return get_peft_model(model, LoraConfig(r=config.rank, target_modules=config.targets))

      def other():
          return AutoModelForSequenceClassification.from_pretrained("c/d")
      """;

  private static Reading read(String program, Map<String, String> others) {
    return TrainingFiles.read(
        List.of(TrainingText.of(program, "train.py")),
        Optional.empty(),
        path -> Optional.ofNullable(others.get(path)).map(text -> TrainingText.of(text, path)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "from settings import MODEL, RANK; settings.py",
        "from .settings import (MODEL,  # which~    RANK as RANK)~; settings.py",
        "from ..settings import *; ../settings.py",
        "from src.train.settings import MODEL, RANK; src/train/settings.py",
      })
  void constants_are_those_of_the_module(String statement, String path) {
    String program = statement.replace("~", "\n") + "\n" + TRAINER;

    assertThat(values(read(program, Map.of(path, CONSTANTS))))
        .containsEntry("model.id", "a/b")
        .containsEntry("lora.rank", 32);
  }

  @ParameterizedTest
  @CsvSource({
    "import settings as S, settings.py",
    "from . import settings as S, settings.py",
    "from src import settings as S, src/settings.py"
  })
  void a_module_has_them_behind_its_name(String statement, String path) {
    String program =
        statement + "\n" + TRAINER.replace("MODEL", "S.MODEL").replace("RANK", "S.RANK");

    assertThat(values(read(program, Map.of(path, CONSTANTS))))
        .containsEntry("model.id", "a/b")
        .containsEntry("lora.rank", 32);
  }

  @Test
  void what_is_not_imported_is_not_known() {
    Reading reading =
        read("from settings import RANK\n" + TRAINER, Map.of("settings.py", CONSTANTS));

    assertThatThrownBy(() -> reading.under(JobDocument.empty())).hasMessageContaining("'<MODEL>'");
  }

  @Test
  void functions_that_it_calls_load_the_model_for_it() {
    String program =
        """
        from .loading import load, other
        from .settings import Settings

        parser.add_argument("--batch", default=Settings.rank)
        model = load(Settings())
        args = TrainingArguments("out", per_device_train_batch_size=args.batch, bf16=True)
        Trainer(model=model, args=args, train_dataset=data).train()
        """;

    assertThat(values(read(program, Map.of("loading.py", LOADING, "settings.py", CLASS))))
        .containsEntry("model.id", "a/b")
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("model.quantization.double_quant", true)
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .containsEntry("batch.micro_batch", 32)
        .doesNotContainKey("objective.stage");
  }

  @Test
  void options_are_those_that_a_function_of_another_module_defines() {
    String options =
        """
        def options():
            parser = ArgumentParser()
            parser.add_argument("--model", default="a/b")
            parser.add_argument("--rank", type=int, default=32)
            return parser.parse_args()
        """;
    String program =
        "from options import options\nargs = options()\n"
            + TRAINER.replace("MODEL", "args.model").replace("RANK", "args.rank");

    assertThat(values(read(program, Map.of("options.py", options))))
        .containsEntry("model.id", "a/b")
        .containsEntry("lora.rank", 32);
  }
}
