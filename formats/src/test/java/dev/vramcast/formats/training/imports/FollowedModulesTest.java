package dev.vramcast.formats.training.imports;

import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What functions of a program's own modules do is read as if they stood in the program. */
class FollowedModulesTest {

  private static final String MODEL =
      """
      import torch
      from peft import LoraConfig, get_peft_model
      from transformers import AutoModelForCausalLM, BitsAndBytesConfig

      def load_model(name, four=True, rank=8):
          '''Loads it.
      def nothing():
          '''
          bnb = BitsAndBytesConfig(load_in_4bit=four, bnb_4bit_quant_type="nf4")
          model = AutoModelForCausalLM.from_pretrained(name, quantization_config=bnb)
          return get_peft_model(model, LoraConfig(r=rank, target_modules=["q_proj"]))

      def evaluate(name):
          AutoModelForCausalLM.from_pretrained("other/model")

      if __name__ == "__main__":
          load_model("other/model", rank=2)
      """;

  private static Reading reading(String program, Map<String, String> files) {
    return TrainingFiles.read(
        List.of(TrainingText.of(program, "lab/train.py")),
        Optional.empty(),
        path -> Optional.ofNullable(files.get(path)).map(text -> TrainingText.of(text, path)));
  }

  private static String training(String imported, String model) {
    return "from trl import SFTConfig, SFTTrainer\n"
        + imported
        + "\nmodel = "
        + model
        + "\nSFTTrainer(model=model, args=SFTConfig(max_length=512)).train()\n";
  }

  private static void isQlora(Reading reading) {
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.targets", List.of("q_proj"))
        .containsEntry("batch.sequence_length", 512);
  }

  @Test
  void a_function_of_a_module_is_read_with_what_it_is_handed() {
    Map<String, String> files = Map.of("lab/utils/model.py", MODEL, "lab/common.py", MODEL);
    isQlora(
        reading(
            training(
                "from utils.model import load_model", "load_model('Qwen/Qwen2.5-7B', rank=32)"),
            files));
    isQlora(
        reading(training("import common", "common.load_model('Qwen/Qwen2.5-7B', rank=32)"), files));
    isQlora(
        reading(
            training(
                "from utils import model as made", "made.load_model('Qwen/Qwen2.5-7B', rank=32)"),
            files));
    isQlora(
        reading(
            training(
                "from .utils.model import load_model as load", "load('Qwen/Qwen2.5-7B', rank=32)"),
            files));
  }

  @Test
  void a_package_hands_on_what_its_modules_hold() {
    isQlora(
        reading(
            training("from utils import load_model", "load_model('Qwen/Qwen2.5-7B', rank=32)"),
            Map.of(
                "lab/utils/__init__.py",
                "from .model import load_model\n",
                "lab/utils/model.py",
                MODEL)));
  }

  @Test
  void a_package_that_holds_nothing_is_no_error() {
    isQlora(
        reading(
            training("from utils import model", "model.load_model('Qwen/Qwen2.5-7B', rank=32)"),
            Map.of("lab/utils/__init__.py", "", "lab/utils/model.py", MODEL)));
  }

  @Test
  void what_a_value_is_wrong_with_is_said_where_it_stands() {
    Reading reading =
        reading(
            training("from utils import load_model", "load_model('Qwen/Qwen2.5-7B', rank=RANK)"),
            Map.of("lab/utils.py", MODEL));

    assertThat(reading.unreadable().get(JobKey.LORA_RANK).toString())
        .contains("lab/utils.py")
        .contains("line=11");
  }

  @Test
  void lengths_are_those_that_the_texts_are_cut_to_in_a_module() {
    String cut =
        """
        def tokenize_dataset(dataset, tokenizer, max_length=640):
            def cut(batch):
                return tokenizer(batch["text"], truncation=True, max_length=max_length)
            return dataset.map(cut, batched=True)
        """;
    String program =
        """
        from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
        from texts import tokenize_dataset

        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        rows = tokenize_dataset(data, tokenizer, 320)
        Trainer(model=model, args=TrainingArguments("out"), train_dataset=rows).train()
        """;

    assertThat(values(reading(program, Map.of("lab/texts.py", cut))))
        .containsEntry("batch.sequence_length", 320);
  }

  @Test
  void a_module_that_is_not_there_is_said() {
    Reading reading =
        reading(
            training("from utils.model import load_model", "load_model('Qwen/Qwen2.5-7B')"),
            Map.of());

    assertThat(reading.findings())
        .filteredOn(finding -> finding.code() == FindingCode.NOT_FOLLOWED)
        .anySatisfy(
            finding ->
                assertThat(finding.notice().toString())
                    .contains("load_model is of utils.model, which is not beside the file"));
  }

  @Test
  void adapters_that_a_model_class_puts_on_a_part_of_itself_are_not_those_of_the_run() {
    String encoder =
        """
        from peft import LoraConfig, get_peft_model
        from transformers import CLIPPreTrainedModel

        class Encoder(CLIPPreTrainedModel):
            def __init__(self, config):
                lora = LoraConfig(r=16, target_modules=["out_proj"])
                self.vision_model = get_peft_model(CLIPVision(config), lora)
        """;

    assertThat(
            values(
                reading(
                    training(
                        "from encoder import Encoder",
                        "AutoModelForCausalLM.from_pretrained('Qwen/Qwen2.5-7B')\nEncoder(0)"),
                    Map.of("lab/encoder.py", encoder))))
        .containsEntry("method", "full")
        .doesNotContainKey("lora.rank");
  }
}
