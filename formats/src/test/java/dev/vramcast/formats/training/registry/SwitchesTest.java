package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs without a command run with the defaults of their options. */
class SwitchesTest {

  private static final String PROGRAM =
      """
      import argparse
      from peft import LoraConfig, get_peft_model
      from transformers import AutoModelForCausalLM, BitsAndBytesConfig
      from trl import SFTConfig, SFTTrainer
      parser = argparse.ArgumentParser()
      parser.add_argument("--load_in_4bit", OPTION)
      parser.add_argument("--targets", default="q_proj,v_proj")
      args = parser.parse_args()
      bnb_config = None
      if args.load_in_4bit:
          bnb_config = BitsAndBytesConfig(load_in_4bit=True)
      model = AutoModelForCausalLM.from_pretrained(
          "Qwen/Qwen2.5-7B", quantization_config=bnb_config)
      model = get_peft_model(model, LoraConfig(r=8, target_modules=args.targets.split(",")))
      SFTTrainer(model=model, args=SFTConfig(max_length=512)).train()
      """;

  private static final String CLASSES =
      """
      from dataclasses import dataclass, field
      from transformers import AutoModelForCausalLM, HfArgumentParser
      from trl import SFTConfig, SFTTrainer
      @dataclass
      class ModelArguments:
          four: bool = field(default=False, metadata={"help": "bits"})
      args = HfArgumentParser(ModelArguments).parse_args_into_dataclasses()[0]
      quant = None
      if args.four:
          quant = BitsAndBytesConfig(load_in_4bit=True)
      model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B", quantization_config=quant)
      model = get_peft_model(model, LoraConfig(r=8))
      SFTTrainer(model=model, args=SFTConfig(max_length=512)).train()
      """;

  private static Reading program(String option) {
    return of("tune.py", PROGRAM.replace("OPTION", option));
  }

  @ParameterizedTest
  @ValueSource(strings = {"action=\"store_true\"", "type=bool, default=False"})
  void a_branch_on_a_switch_that_is_off_is_left_out_and_named(String option) {
    assertThat(values(program(option)))
        .containsEntry("method", "lora")
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .doesNotContainKey("model.quantization.scheme");
    assertThat(Readings.keys(program(option), FindingCode.ASSUMED)).contains("if");
  }

  @ParameterizedTest
  @ValueSource(strings = {"action=\"store_false\"", "type=bool, default=True"})
  void one_that_is_on_is_read(String option) {
    assertThat(values(program(option))).containsEntry("method", "qlora");
  }

  /** Nobody knows what it is, so that all is read. */
  @Test
  void one_that_has_to_be_given_decides_nothing() {
    assertThat(values(program("required=True"))).containsEntry("method", "qlora");
  }

  @Test
  void fields_of_classes_that_are_parsed_are_options() {
    String other = CLASSES.replace("HfArgumentParser(ModelArguments)", "Other()");

    assertThat(values(of("tune.py", CLASSES))).containsEntry("method", "lora");
    assertThat(values(of("tune.py", other))).containsEntry("method", "qlora");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "args = parser.parse_args(args=[\"--load_in_4bit\"])",
        "ARGS = [\"--load_in_4bit\"]\nargs = parser.parse_args(ARGS)",
        "args = parser.parse_args(\"--load_in_4bit\".split())",
        "args = parser.parse_args(shlex.split(\"--load_in_4bit\"))",
        "sys.argv = [\"tune.py\", \"--load_in_4bit\"]\nargs = parser.parse_args()",
        "sys.argv.append(\"--load_in_4bit\")\nargs = parser.parse_args()",
        "args = parser.parse_args()\nargs.__setattr__(\"load_in_4bit\", True)",
      })
  void a_switch_that_the_program_turns_on_itself_is_not_off(String parses) {
    String program =
        PROGRAM
            .replace("OPTION", "action=\"store_true\"")
            .replace("args = parser.parse_args()", parses);

    assertThat(values(of("tune.py", program))).containsEntry("method", "qlora");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parse_dict({\"four\": True})",
        "parse_yaml_file(\"tune.yaml\")",
        "parse_args_into_dataclasses([\"--four\", \"true\"])",
      })
  void nor_is_a_field_that_it_fills_in(String parses) {
    String program = CLASSES.replace("parse_args_into_dataclasses()", parses);

    // Where nobody knows it, it is asked for.
    assertThat(values(of("tune.py", program))).doesNotContainEntry("method", "lora");
  }

  private static final String SETTINGS =
      """
      from dataclasses import dataclass
      from transformers import AutoModelForCausalLM, BitsAndBytesConfig
      from trl import SFTConfig, SFTTrainer
      @dataclass
      class RunConfig:
          four: bool = False
      class Run:
          def __init__(self, config=None):
              self.config = config or MADE
          def train(self):
              quant = None
              if self.config.four:
                  quant = BitsAndBytesConfig(load_in_4bit=True)
              model = AutoModelForCausalLM.from_pretrained(
                  "Qwen/Qwen2.5-7B", quantization_config=quant)
              model = get_peft_model(model, LoraConfig(r=8))
              SFTTrainer(model=model, args=SFTConfig(max_length=512)).train()
      Run().train()
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RunConfig()",
        "RunConfig(seed=1)",
        "RunConfig(four=wanted())",
        "RunConfig(seed=1, **read())",
        "RunConfig(True)",
        "replace(RunConfig(), **read())",
        "tyro.cli(RunConfig)",
        "RunConfig()\n        self.config.four |= wanted()",
        "read()"
      })
  void a_class_of_settings_that_no_parser_reads_decides_nothing(String made) {
    assertThat(values(of("tune.py", SETTINGS.replace("MADE", made))))
        .doesNotContainEntry("method", "lora");
  }
}
