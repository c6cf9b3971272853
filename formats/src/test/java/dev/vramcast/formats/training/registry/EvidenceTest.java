package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobDocument.Remark;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file says of its job in places that are not followed is said, with the line. */
class EvidenceTest {

  private static final String HEAD =
      """
      from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
      model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
      """;

  private static final String TAIL =
      """
      Trainer(model=model, args=TrainingArguments("out", num_train_epochs=1)).train()
      """;

  private static List<String> said(Reading reading) {
    return reading.findings().stream()
        .filter(finding -> finding.code() == FindingCode.NOT_FOLLOWED)
        .map(Finding::notice)
        .map(Object::toString)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "'kwargs = {''load_in_4bit'': True}', load_in_4bit quantises the model",
    "'quantised = partial(load, load_in_4bit=True)', load_in_4bit quantises the model",
    "'build(MyLoraConfig(rank=8))', MyLoraConfig has adapters",
    "'model = fully_shard(model)', fully_shard shards the model",
    "'rows = process_vision_info(rows)', process_vision_info brings images",
    "'c = UnslothVisionDataCollator(m, p)', UnslothVisionDataCollator brings images"
  })
  void words_that_the_job_does_not_hold_are_said(String line, String words) {
    Reading reading = of("train.py", HEAD + "x = 1\n" + line + "\n" + TAIL);

    assertThat(said(reading))
        .anySatisfy(text -> assertThat(text).contains("train.py:4").contains(words));
    assertThat(reading.document().remarks().stream().map(Remark::notice).map(Object::toString))
        .containsAll(said(reading));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Gemma3nForConditionalGeneration",
        "Mistral3ForConditionalGeneration",
        "InternVLForConditionalGeneration",
        "AutoModelForMultimodalLM"
      })
  void models_that_see_are_said_where_a_program_speaks_of_images(String loader) {
    String program =
        "model = " + loader + ".from_pretrained('google/gemma-3n-E2B-it')\nimages = rows\n" + TAIL;

    assertThat(said(of("train.py", program)))
        .anySatisfy(text -> assertThat(text).contains(loader).contains("brings images"));
    assertThat(said(of("train.py", program.replace("images", "texts")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# load_in_4bit=True\n",
        "print('load_in_4bit=True get_peft_model(')\n",
        "def evaluate():\n    other(load_in_4bit=True)\n",
        "from peft import LoraConfig, get_peft_model\n",
        "FOUR = False\nif FOUR:\n    other(load_in_4bit=True)\n"
      })
  void what_does_not_run_says_nothing(String lines) {
    assertThat(said(of("train.py", HEAD + lines + TAIL))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def load(path):\n    return made(path, load_in_4bit=True)\n",
        "class Unused:\n    def forward(self, pixel_values): pass\n",
        "model = AutoModelForImageTextToText.from_pretrained('a/b')\n",
        "kept = {'load_in_4bit': False}\n"
      })
  void what_is_never_called_and_what_texts_may_train_says_nothing(String lines) {
    assertThat(said(of("train.py", HEAD + lines + TAIL))).isEmpty();
  }

  @Test
  void what_is_called_is_held_against_the_job_and_what_is_behind_the_run_is_not() {
    String loads = "def load(path):\n    return made(path, load_in_4bit=True)\n";
    String again = "tuned = made('out', load_in_4bit=True)\nim = Image.open('loss.png')\n";
    assertThat(said(of("train.py", HEAD + loads + "model = load('x')\n" + TAIL)))
        .anySatisfy(text -> assertThat(text).contains("train.py:4"));
    assertThat(said(of("train.py", HEAD + TAIL + again))).isEmpty();
    assertThat(
            said(
                of(
                    "train.py",
                    HEAD
                        + "def main():\n"
                        + (TAIL + again).indent(4)
                        + "main()\nother(load_in_4bit=True)\n")))
        .singleElement()
        .asString()
        .contains("train.py:8");
  }

  @Test
  void a_job_that_holds_them_is_not_spoken_of() {
    String program =
        """
        from peft import LoraConfig, get_peft_model
        from transformers import (
            AutoModelForCausalLM, BitsAndBytesConfig, Trainer, TrainingArguments)
        model = AutoModelForCausalLM.from_pretrained(
            "Qwen/Qwen2.5-7B", quantization_config=BitsAndBytesConfig(load_in_4bit=True))
        model = get_peft_model(model, LoraConfig(r=8))
        Trainer(model=model, args=TrainingArguments("out", bf16=True)).train()
        """;

    assertThat(said(of("train.py", program))).isEmpty();
  }

  @Test
  void trainers_of_two_stages_are_said() {
    String program =
        """
        from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer
        SFTTrainer(model="Qwen/Qwen2.5-7B", args=SFTConfig(max_length=512)).train()
        DPOTrainer(model="Qwen/Qwen2.5-7B", args=DPOConfig(max_length=512)).train()
        """;

    assertThat(said(of("train.py", program)))
        .singleElement()
        .asString()
        .contains("train.py:2")
        .contains("SFTTrainer trains too");
  }

  @Test
  void keys_that_are_not_known_are_held_against_the_job_too() {
    String file = "model_name_or_path: Qwen/Qwen2.5-7B\nmax_length: 512\nquant:\n";

    assertThat(said(of("sft.yaml", file + "  load_in_4bit: true\n")))
        .anySatisfy(text -> assertThat(text).contains("quant.load_in_4bit quantises the model"));
    assertThat(said(of("sft.yaml", file + "  load_in_4bit: false\n"))).isEmpty();
  }

  @Test
  void arguments_that_are_made_elsewhere_leave_the_batch_open() {
    String program =
        """
        from lab import settings
        SFTTrainer(model="Qwen/Qwen2.5-7B", args=settings.made(1)).train()
        """;
    assertThat(of("train.py", program).unreadable()).containsKey(JobKey.MICRO_BATCH);
    assertThat(of("train.py", program.replace(", args=settings.made(1)", "")).unreadable())
        .isEmpty();
    assertThat(
            values(
                of(
                    "train.py",
                    program.replace(
                        "settings.made(1)", "made(SFTConfig, per_device_train_batch_size=3)"))))
        .containsEntry("batch.micro_batch", 3);
  }

  @ParameterizedTest
  @CsvSource({
    "if 'lm_head' in name:, true",
    "if name.startswith('model.embed'):, true",
    "if 'lora_' in name:, false",
    "if False and param.requires_grad:, true"
  })
  void parameters_that_are_trained_beside_adapters_are_said(String condition, boolean said) {
    String program =
        HEAD.replace("Trainer,", "LoraConfig, get_peft_model, Trainer,")
            + "model = get_peft_model(model, LoraConfig(r=8))\n"
            + "for name, param in model.named_parameters():\n    "
            + condition
            + "\n        # of the head\n        param.requires_grad = True\n"
            + TAIL;

    assertThat(of("train.py", program).findings())
        .filteredOn(finding -> finding.message().toString().contains("beside the adapters"))
        .hasSize(said ? 1 : 0)
        .allSatisfy(finding -> assertThat(finding.notice().toString()).contains("train.py:7"));
    assertThat(of("train.py", program.replace("get_peft_model(model, LoraConfig(r=8))", "model")))
        .satisfies(
            full ->
                assertThat(full.findings())
                    .noneMatch(at -> at.message().toString().contains("beside the adapters")));
  }

  @ParameterizedTest
  @CsvSource({
    "model.lm_head.weight.requires_grad = True, true",
    "model.lm_head.requires_grad_(True), true",
    "for p in peft_model.lm_head.parameters(): p.requires_grad_(), true",
    "for n_ w in all_named: w.requires_grad = 'lora' in n or 'lm_head' in n, true",
    "for n_ w in all_named: w.requires_grad = 'lora' in n, false",
    "model.lm_head.requires_grad_(False), false",
    "model.lm_head.requires_grad_(requires_grad=False), false",
    "model.lm_head.weight.requires_grad=False, false",
    "output.requires_grad_(True), false",
    "x = 'param.requires_grad = True', false",
    "print(param.requires_grad == True), false"
  })
  void whatever_is_not_frozen_is_said(String line, boolean said) {
    String program =
        HEAD.replace("Trainer,", "LoraConfig, get_peft_model, Trainer,")
            + "model = get_peft_model(model, LoraConfig(r=8))\n"
            + line.replace("n_", "n,")
            + "\n"
            + TAIL;

    assertThat(of("train.py", program).findings())
        .filteredOn(finding -> finding.message().toString().contains("beside the adapters"))
        .hasSize(said ? 1 : 0);
  }

  @Test
  void adapters_are_meant_by_what_a_line_stands_in() {
    String program =
        HEAD.replace("Trainer,", "LoraConfig, get_peft_model, Trainer,")
            + "model = get_peft_model(model, LoraConfig(r=8))\n"
            + "for n, p in model.named_parameters():\n    if 'lora' in n:\n"
            + "        print(n)\n        p.requires_grad = True\n"
            + TAIL;

    assertThat(of("train.py", program).findings())
        .noneMatch(finding -> finding.message().toString().contains("beside the adapters"));
    assertThat(of("train.py", program.replace("'lora' in", "'lora' not in")).findings())
        .anyMatch(finding -> finding.message().toString().contains("beside the adapters"));
  }
}
