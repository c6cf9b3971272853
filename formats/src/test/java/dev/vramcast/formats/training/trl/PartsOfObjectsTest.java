package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of classes and objects that a program gives its values in. */
class PartsOfObjectsTest {

  private static final String TRAINS =
      """
      model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
      model = get_peft_model(model, LoraConfig(r=RANK))
      Trainer(model=model, args=TrainingArguments("out", per_device_train_batch_size=SIZE)).train()
      """;

  private static void holds(String program, int rank, int size) {
    assertThat(values(of("train.py", program)))
        .containsEntry("lora.rank", rank)
        .containsEntry("batch.micro_batch", size);
  }

  private static String trains(String rank, String size) {
    return TRAINS.replace("RANK", rank).replace("SIZE", size);
  }

  @Test
  void fields_of_a_class_are_read_by_its_name_and_by_that_of_an_object() {
    String fields = "class Config:\n    RANK = 24\n    SIZE = 3\nconf = Config()\n";
    holds(fields + trains("Config.RANK", "Config.SIZE"), 24, 3);
    holds(fields + trains("conf.RANK", "conf.SIZE"), 24, 3);
    holds(fields + "conf.RANK = 48\n" + trains("conf.RANK", "conf.SIZE"), 48, 3);
  }

  @Test
  void an_object_has_what_it_is_made_with() {
    String fields =
        "@dataclass\nclass Config:\n    rank: int = 24\n    size: int = 3\nc = Config(rank=8)\n";
    holds(fields + trains("c.rank", "c.size"), 8, 3);
    holds(
        fields
            + "def build(cfg):\n    return LoraConfig(r=cfg.rank)\n"
            + trains("c.rank", "c.size"),
        8,
        3);
  }

  @Test
  void a_method_sees_what_its_object_was_given_later() {
    String program =
        """
        @dataclass
        class RunConfig:
            rank: int = 24
            size: int = 3
        class Runs:
            def __init__(self, config):
                self.config = config
            def train(self):
                model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
                model = get_peft_model(model, LoraConfig(r=self.config.rank))
                args = TrainingArguments("out", per_device_train_batch_size=self.config.size)
                Trainer(model=model, args=args).train()
        settings = RunConfig()
        settings.rank = 48
        Runs(settings).train()
        """;

    holds(program, 48, 3);
    holds(program.replace("settings.rank", "other.rank"), 24, 3);
    String two = "other = RunConfig()\nother.rank = 16\n";
    assertThat(of("train.py", program.replace("Runs(set", two + "Runs(set")).unreadable())
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "conf = RunConfig()~train(conf)~conf.rank = 48",
        "conf = RunConfig()~if debug:~    conf.rank = 48~train(conf)",
        "conf = RunConfig()~for r in (8, 16):~    conf.rank = r~    train(conf)",
        "def smoke():~    conf = RunConfig()~    conf.rank = 2~conf = RunConfig()~train(conf)",
        "other = RunConfig()~other.rank = 48~conf = RunConfig()~train(conf)",
        "class Other:~    rank: int = 24~conf = Other()~conf.rank = 3~train(RunConfig())",
        "conf = RunConfig()~conf.rank *= 2~train(conf)",
        "conf = RunConfig()~conf.rank //= 2~train(conf)",
      })
  void what_an_object_is_given_elsewhere_or_too_late_is_not_known(String later) {
    Reading reading = of("train.py", LATER + later.replace("~", "\n") + "\n");

    assertThat(values(reading)).doesNotContainEntry("lora.rank", 48);
    assertThat(reading.unreadable()).containsKey(JobKey.LORA_RANK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conf = RunConfig()~conf.rank = 48~train(conf)",
        "conf = RunConfig()~print(conf)~conf.rank = 48~train(conf)",
        "if __name__ == '__main__':~    conf = RunConfig()~    conf.rank = 48~    train(conf)",
      })
  void what_the_only_object_is_given_in_front_of_the_call_is_known(String later) {
    holds(LATER + later.replace("~", "\n") + "\n", 48, 3);
  }

  private static final String LATER =
      """
      @dataclass
      class RunConfig:
          rank: int = 24
      def train(config):
      %s
      """
          .formatted(trains("config.rank", "3").strip().indent(4).stripTrailing());

  @Test
  void an_object_has_what_its_maker_is_handed() {
    String program =
        """
        class Judge:
            def __init__(self, name="bert-base-uncased"):
                self.name = name
        class Runs:
            def __init__(self, rank, size=3):
                self.rank = rank
                self.size = size
            def train(self):
        %s
        Runs(24).train()
        """
            .formatted(trains("self.rank", "self.size").strip().indent(8).stripTrailing());

    holds(program, 24, 3);
    holds(program.replace("Runs(24)", "Runs(rank=48, size=5)"), 48, 5);
    assertThat(of("train.py", program.replace("Runs(24)", "Runs(best())")).unreadable())
        .isNotEmpty();
    String least = program.replace("= rank\n", "= rank if rank < 16 else 16\n");
    assertThat(of("train.py", least).unreadable()).containsKey(JobKey.LORA_RANK);
  }

  @Test
  void a_dataclass_completes_fields_that_are_made_without_a_value() {
    String program =
        """
        @dataclass
        class TrainingConfig:
            rank: int = None
            size: int = 3
            def __post_init__(self):
                if self.rank is None:
                    self.rank = 24
                if self.size is None:
                    self.size = 99
        c = TrainingConfig()
        """;
    holds(program + trains("c.rank", "c.size"), 24, 3);
    holds(
        program
            + "def build(config):\n    return LoraConfig(r=config.rank)\n"
            + trains("c.rank", "c.size"),
        24,
        3);
    holds(program.replace("Config()", "Config(rank=8)") + trains("c.rank", "c.size"), 8, 3);
  }

  @Test
  void parts_of_the_object_itself_are_read_where_they_are_given_values() {
    String program =
        """
        class Run:
            def __init__(self, config):
                self.rank = 24
                self.config = config
            def train(self):
                model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
                model = get_peft_model(model, LoraConfig(r=self.rank))
                size = getattr(self.config, "size", 3)
                args = TrainingArguments("out", per_device_train_batch_size=size)
                Trainer(model=model, args=args).train()
        """;
    holds(program, 24, 3);
  }

  @Test
  void a_field_that_two_classes_have_is_that_of_no_object_of_another_name() {
    String program =
        """
        class First:
            size = 3
        class Second:
            size = 4
        def train(cfg):
            model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
            Trainer(model, TrainingArguments("out", per_device_train_batch_size=cfg.size)).train()
        """;
    assertThat(values(of("train.py", program))).doesNotContainKey("batch.micro_batch");
  }

  @Test
  void a_field_is_no_name_in_a_method_and_a_part_is_of_its_class_alone() {
    String program =
        """
        class Defaults:
            rank = 24
            def __init__(self):
                self.size = 3
        class Runner:
            def __init__(self, rank):
                self.rank = rank
            def run(self):
                model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
                model = get_peft_model(model, LoraConfig(r=self.rank))
                args = TrainingArguments("out", per_device_train_batch_size=self.size)
                Trainer(model=model, args=args).train()
        """;
    assertThat(values(of("train.py", program)))
        .doesNotContainKeys("lora.rank", "batch.micro_batch");
    assertThat(values(of("train.py", program.replace("class Runner", "class Runner(Defaults)"))))
        .doesNotContainKey("lora.rank")
        .containsEntry("batch.micro_batch", 3);
  }

  @Test
  void a_class_has_the_fields_of_those_it_is_derived_from() {
    String fields =
        "@dataclass\nclass Base:\n    rank: int = 24\n    size: int = 2\n"
            + "@dataclass\nclass Config(Base):\n    size: int = 3\nc = Config()\n";
    holds(fields + trains("c.rank", "c.size"), 24, 3);
  }

  @Test
  void a_part_of_an_object_that_is_not_known_names_no_model() {
    String program =
        """
        from lab import c
        SFTTrainer(
            model=AutoModelForCausalLM.from_pretrained(c.model), args=SFTConfig(max_length=8))
        """;
    assertThat(of("train.py", program).unreadable())
        .hasEntrySatisfying(
            JobKey.MODEL_ID,
            error -> assertThat(error.toString()).contains("not known before the program runs"));
  }

  @Test
  void of_conditions_in_a_row_each_has_the_side_up_to_the_next() {
    String program =
        """
        FIRST = False
        SECOND = True
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        model = get_peft_model(
            model,
            LoraConfig(r=4) if FIRST else LoraConfig(r=64) if SECOND else LoraConfig(r=256))
        Trainer(model=model, args=TrainingArguments("out")).train()
        """;
    assertThat(values(of("train.py", program))).containsEntry("lora.rank", 64);
    assertThat(values(of("train.py", program.replace("FIRST = False", "FIRST = True"))))
        .containsEntry("lora.rank", 4);
    assertThat(values(of("train.py", program.replace("SECOND = True", "SECOND = False"))))
        .containsEntry("lora.rank", 256);
  }

  @Test
  void what_an_expression_leaves_out_is_no_call() {
    String program =
        """
        class Config:
            four: bool = False
            adapters: bool = True
        cfg = Config()
        kwargs = {**({"quantization_config": BitsAndBytesConfig(load_in_4bit=True)}
                     if cfg.four else {})}
        trainer = SFTTrainer(
            model="Qwen/Qwen2.5-7B",
            args=SFTConfig(model_init_kwargs=kwargs),
            peft_config=LoraConfig(r=24) if cfg.adapters else None)
        trainer.train()
        """;
    assertThat(values(of("train.py", program)))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 24)
        .doesNotContainKey("model.quantization.scheme");
    assertThat(values(of("train.py", program.replace("four: bool = False", "four: bool = True"))))
        .containsEntry("method", "qlora");
    assertThat(values(of("train.py", program.replace("bool = True", "bool = False"))))
        .containsEntry("method", "full");
  }

  @Test
  void settings_that_objects_begin_with_are_theirs_by_any_name() {
    String settings =
        """
        class RunConfig:
            \"\"\"What a run is like.\"\"\"

            def __init__(self):
                self.rank = 24

                self.size = 3

        """;
    holds(settings + "c = RunConfig()\n" + trains("c.rank", "c.size"), 24, 3);
    holds(settings + "c = RunConfig()\nc.rank = 48\n" + trains("c.rank", "c.size"), 48, 3);
    String function = "def build(cfg):\n    return LoraConfig(r=cfg.rank)\n";
    holds(settings + function + "cfg = RunConfig()\n" + trains("cfg.rank", "cfg.size"), 24, 3);
  }

  @Test
  void settings_that_objects_begin_with_as_they_are_told_are_not_known() {
    String settings =
        "class RunConfig:\n    def __init__(self, small):\n        self.rank = 24\n"
            + "        if small:\n            self.rank = 8\n"
            + "c = RunConfig(True)\n";

    assertThat(of("train.py", settings + trains("c.rank", "3")).unreadable().get(JobKey.LORA_RANK))
        .isNotNull();
  }

  @Test
  void fields_behind_an_empty_line_are_still_of_their_class() {
    String fields = "class Config:\n    \"\"\"Says it.\"\"\"\n\n    RANK = 24\n\n    SIZE = 3\n\n";
    holds(fields + "c = Config()\n" + trains("c.RANK", "c.SIZE"), 24, 3);
  }

  private static final String COMPLETED =
      """
      @dataclass
      class RunConfig:
          rank: int = FIRST
          kind: str = "1b"
          def __post_init__(self):
              BODY
      c = RunConfig(MADE)
      """;

  private static String completed(String first, String body, String made) {
    return COMPLETED.replace("FIRST", first).replace("BODY", body).replace("MADE", made)
        + trains("c.rank", "3");
  }

  @ParameterizedTest
  @CsvSource({
    "8, self.rank = 64, '', 64",
    "None, self.rank = 64, rank=8, 64",
    "None, if self.rank is None:~    self.rank = 24, rank=None, 24",
    "None, if self.rank is None:~    self.rank = 24, rank=8, 8",
    "8, if self.rank is None:~    self.rank = 24, '', 8"
  })
  void what_a_class_completes_is_had_by_its_objects(
      String first, String body, String made, int rank) {
    holds(completed(first, body.replace("~", "\n        "), made), rank, 3);
  }

  @ParameterizedTest
  @CsvSource({
    "8, self.rank *= 2",
    "8, self.rank = self.rank * 2",
    "None, self.rank = self.rank or 24",
    "None, if self.rank is None: self.rank = pick()",
    "None, for k in (1~2):~    self.rank = 5~self.rank = 6",
    "8, if self.kind == '1b':~    self.rank = 32",
    "-1, if self.rank == -1:~    self.rank = 32",
    "None, if self.kind == '7b':~    self.rank = 64~elif self.rank is None:~    self.rank = 8"
  })
  void what_it_completes_by_more_than_that_is_not_known(String first, String body) {
    String program =
        completed(first, body.replace("(1~2)", "(1, 2)").replace("~", "\n        "), "");
    assertThat(of("train.py", program).unreadable()).containsKey(JobKey.LORA_RANK);
  }
}
