package dev.vramcast.formats.training.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of people's own behind a command, which gives their options and their file. */
class StartedProgramTest {

  private static final String OPTIONS =
      """
      import argparse
      from peft import LoraConfig
      from transformers import AutoModelForCausalLM
      from trl import SFTConfig, SFTTrainer

      def arguments():
          p = argparse.ArgumentParser()
          p.add_argument("--base", required=True)
          p.add_argument("-r", "--rank", type=int, default=8)
          p.add_argument("--bs", type=int, default=1)
          p.add_argument("--accum", type=int, default=4)
          p.add_argument("--length", type=int, default=1024)
          p.add_argument("--recompute", action="store_true")
          p.add_argument("--no_adapter", action="store_true")
          return p.parse_args()

      def main():
          args = arguments()
          model = AutoModelForCausalLM.from_pretrained(args.base, dtype="bfloat16")
          peft_config = None
          if not args.no_adapter:
              peft_config = LoraConfig(r=args.rank, target_modules=["q_proj"])
          sft = SFTConfig(
              per_device_train_batch_size=args.bs,
              gradient_accumulation_steps=args.accum,
              max_length=args.length,
              gradient_checkpointing=args.recompute,
          )
          SFTTrainer(model=model, args=sft, peft_config=peft_config).train()
      """;

  private static final String CLASSES =
      """
      from dataclasses import dataclass, field
      from peft import LoraConfig, get_peft_model
      from transformers import HfArgumentParser, Trainer, TrainingArguments

      @dataclass
      class ModelArguments:
          model_name_or_path: str = field(default=None)
          adapter_dim: int = field(default=4)

      def main():
          parser = HfArgumentParser((ModelArguments, TrainingArguments))
          model_args, training_args = parser.parse_args_into_dataclasses()
          model = MyOwnForCausalLM.from_pretrained(model_args.model_name_or_path)
          model = get_peft_model(model, LoraConfig(r=model_args.adapter_dim))
          Trainer(model=model, args=training_args).train()
      """;

  private static final String FILE =
      """
      import argparse, yaml
      from peft import LoraConfig
      from transformers import AutoModelForCausalLM, BitsAndBytesConfig
      from trl import SFTConfig, SFTTrainer

      def load_settings(path):
          with open(path) as f:
              return yaml.safe_load(f)

      def main():
          parser = argparse.ArgumentParser()
          parser.add_argument("--config", default="runs/small.yaml")
          args = parser.parse_args()
          cfg = load_settings(args.config)
          tune = cfg.get("tune", {})
          quant = None
          if cfg["four_bit"]["on"]:
              quant = BitsAndBytesConfig(load_in_4bit=True)
          model = AutoModelForCausalLM.from_pretrained(
              cfg["base"], dtype="bfloat16", quantization_config=quant)
          SFTTrainer(
              model=model,
              args=SFTConfig(
                  per_device_train_batch_size=tune["batch"],
                  max_length=cfg["tune"].get("length", 512)),
              peft_config=LoraConfig(r=cfg["lora"]["dim"], target_modules=cfg["lora"]["on"]),
          ).train()
      """;

  /** The settings are handed to functions that stand above what loads them. */
  private static final String HANDED =
      """
      import argparse, yaml
      from peft import LoraConfig, get_peft_model
      from transformers import AutoModelForCausalLM, BitsAndBytesConfig
      from trl import SFTConfig, SFTTrainer

      def adapted(cfg):
          bits = cfg["four_bit"]; lora = cfg["lora"]
          quant = BitsAndBytesConfig(load_in_4bit=bits["on"])
          model = AutoModelForCausalLM.from_pretrained(cfg["base"], quantization_config=quant)
          return get_peft_model(model, LoraConfig(r=lora["dim"], target_modules=lora["on"]))

      def main(config):
          cfg = yaml.safe_load(open(config)); tune = cfg["tune"]
          sft = SFTConfig(per_device_train_batch_size=tune["batch"], max_length=512)
          SFTTrainer(model=adapted(cfg), args=sft).train()

      parser = argparse.ArgumentParser(); parser.add_argument("--config", default="runs/large.yaml")
      main(parser.parse_args().config)
      """;

  private static final String SETTINGS =
      """
      base: Qwen/Qwen2.5-%s
      four_bit: {on: %s}
      lora: {dim: 24, on: [q_proj, v_proj]}
      tune: {batch: 3}
      """;

  private static final Map<String, String> FILES =
      Map.of(
          "scripts/tune.py", OPTIONS,
          "lab/classes.py", CLASSES,
          "by_file.py", FILE,
          "handed.py", HANDED,
          "runs/small.yaml", SETTINGS.formatted("0.5B", false),
          "runs/large.yaml", SETTINGS.formatted("7B", true));

  private static Reading read(String name, String text) {
    return TrainingFiles.read(
        List.of(TrainingText.of(text, name)),
        Optional.empty(),
        path -> Optional.ofNullable(FILES.get(path)).map(found -> TrainingText.of(found, path)));
  }

  private static Map<String, Object> values(String command) {
    return Readings.values(read("run.sh", command));
  }

  @Test
  void options_stand_in_the_place_of_the_program_s_own_defaults() {
    assertThat(
            values(
                "torchrun --nproc_per_node 4 scripts/tune.py --base Qwen/Qwen2.5-7B --rank 64"
                    + " --bs 2 --length 4096\n"))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("batch.sequence_length", 4096)
        .containsEntry("checkpointing", "none")
        .containsEntry("hardware.count", 4);
  }

  @Test
  void a_switch_of_the_command_decides_what_runs() {
    assertThat(values("python scripts/tune.py --base Qwen/Qwen2.5-7B --no_adapter --recompute\n"))
        .containsEntry("method", "full")
        .containsEntry("checkpointing", "full")
        .doesNotContainKey("lora.rank");
  }

  @Test
  void arguments_that_a_program_parses_into_classes_are_those_of_its_command() {
    assertThat(
            values(
                "accelerate launch --num_processes 2 -m lab.classes --bf16 --adapter_dim 32"
                    + " --model_name_or_path Qwen/Qwen2.5-7B --per_device_train_batch_size 6\n"))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 32)
        .containsEntry("batch.micro_batch", 6)
        .containsEntry("precision", "bf16-mixed")
        .containsEntry("hardware.count", 2);
  }

  @Test
  void a_file_is_known_in_functions_above_what_loads_it_and_behind_semicolons() {
    assertThat(Readings.values(read("handed.py", HANDED)))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 24)
        .containsEntry("batch.micro_batch", 3);
    assertThat(values("python handed.py --config runs/small.yaml\n"))
        .containsEntry("model.id", "Qwen/Qwen2.5-0.5B")
        .containsEntry("method", "lora");
  }

  @Test
  void the_file_that_a_program_loads_says_what_it_looks_up_there() {
    assertThat(values("python by_file.py --config runs/large.yaml\n"))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 24)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .containsEntry("batch.micro_batch", 3)
        .containsEntry("batch.sequence_length", 512);
  }

  @Test
  void a_program_alone_loads_the_file_that_it_names_itself() {
    assertThat(Readings.values(read("by_file.py", FILE)))
        .containsEntry("model.id", "Qwen/Qwen2.5-0.5B")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 24);
  }

  @Test
  void a_program_may_name_its_file_only_where_it_loads_it() {
    String named = FILE.replace("load_settings(args.config)", "load_settings('runs/large.yaml')");
    String own = named.replace("default=\"runs/small.yaml\"", "default=None");

    assertThat(Readings.values(read("by_file.py", own)))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("method", "qlora");
  }

  @Test
  void a_function_that_puts_options_over_the_file_changes_nothing_without_any() {
    String merged =
        FILE.replace(
            "load_settings(args.config)", "apply_overrides(load_settings(args.config), args)");

    assertThat(Readings.values(read("by_file.py", merged)))
        .containsEntry("model.id", "Qwen/Qwen2.5-0.5B")
        .containsEntry("lora.rank", 24);
    assertThat(started(merged, "--config runs/small.yaml"))
        .containsEntry("model.id", "Qwen/Qwen2.5-0.5B")
        .containsEntry("lora.rank", 24);
  }

  @Test
  void a_function_that_puts_an_option_over_the_file_may_change_what_it_says() {
    String merged =
        FILE.replace(
            "load_settings(args.config)",
            "apply_overrides(load_settings('runs/small.yaml'), args)");
    String own = merged.replace("\"--config\", default=\"runs/small.yaml\"", "\"--bs\", type=int");

    assertThat(started(own, "")).containsEntry("batch.micro_batch", 3);
    assertThat(started(own, "--bs 64")).doesNotContainKey("batch.micro_batch");
  }

  private static Map<String, Object> started(String program, String options) {
    return Readings.values(
        TrainingFiles.read(
            List.of(TrainingText.of("python tune.py " + options + '\n', "run.sh")),
            Optional.empty(),
            path ->
                Optional.ofNullable("tune.py".equals(path) ? program : FILES.get(path))
                    .map(found -> TrainingText.of(found, path))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open('runs/large.yaml', mode='a')",
        "open('runs/large.yaml', 'x')",
        "open('runs/large.yaml', encoding='utf-8', mode='w')",
        "0  # open('runs/large.yaml')"
      })
  void a_file_that_a_program_does_not_read_says_nothing_of_it(String other) {
    String own =
        FILE.replace("load_settings(args.config)", "load_settings()\n    old = " + other)
            .replace("default=\"runs/small.yaml\"", "default=None");

    assertThat(Readings.values(read("by_file.py", own))).doesNotContainKey("lora.rank");
  }

  @Test
  void a_part_of_the_file_is_asked_for_by_its_name() {
    String asked =
        FILE.replace(
            "r=cfg[\"lora\"][\"dim\"]", "r=cfg.lora.get('dim', 2), bias=cfg.lora.get('b')");

    assertThat(Readings.values(read("by_file.py", asked))).containsEntry("lora.rank", 24);
  }

  @Test
  void a_program_on_another_machine_is_the_one_whose_path_ends_so_here() {
    assertThat(
            values("python /home/me/lab/scripts/tune.py --base Qwen/Qwen2.5-7B --rank 64 --bs 2\n"))
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 4);
    String deep = "/a".repeat(40) + "/scripts/tune.py";
    assertThat(values("python " + deep + " --base Qwen/Qwen2.5-7B --rank 64\n"))
        .containsEntry("lora.rank", 64);
  }

  @Test
  void a_file_that_is_not_there_leaves_the_command_open() {
    assertThatThrownBy(
            () ->
                read("run.sh", "python by_file.py --config runs/other.yaml\n")
                    .under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("runs/other.yaml");
  }

  @Test
  void a_program_that_leaves_something_open_gives_way_to_the_options() {
    String own = OPTIONS.replace("max_length=args.length", "max_length=longest(model)");
    Reading reading =
        TrainingFiles.read(
            List.of(
                TrainingText.of(
                    "python tune.py --model_name_or_path Qwen/Qwen2.5-7B --rank 4 --max_length 99",
                    "run.sh")),
            Optional.empty(),
            path -> Optional.of(TrainingText.of(own, path)));
    assertThat(Readings.value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(99);
  }

  @Test
  void the_model_of_a_command_is_what_a_function_loads_that_is_handed_one() {
    String own =
        """
        from transformers import AutoModelForCausalLM, BitsAndBytesConfig
        from transformers import HfArgumentParser, Trainer, TrainingArguments

        def loaded(name, quant):
            return AutoModelForCausalLM.from_pretrained(name, quantization_config=quant)

        class Lab:
            rank: int = 4

        lab_args, training_args = HfArgumentParser((Lab, TrainingArguments)).parse()
        quant = BitsAndBytesConfig(load_in_8bit=True)
        model = loaded(lab_args.model_name_or_path, quant)
        model = get_peft_model(model, LoraConfig(r=lab_args.rank))
        Trainer(model=model, args=training_args).train()
        """;
    Reading reading =
        TrainingFiles.read(
            List.of(
                TrainingText.of(
                    "python lab.py --model_name_or_path Qwen/Qwen2.5-7B --rank 12", "run.sh")),
            Optional.empty(),
            path -> Optional.of(TrainingText.of(own, path)));
    assertThat(Readings.values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("lora.rank", 12)
        .containsEntry("model.quantization.scheme", "int8");
  }
}
