package dev.vramcast.formats.python;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fields an object has that is made with arguments by their place, or with ones unknown. */
class MadeObjectsTest {

  private static final String FIELDS = "    rank: int = 8\n    batch: int = 4\n";

  private static final String TRAINS =
      """

      def train(cfg):
          model = AutoModelForCausalLM.from_pretrained("gpt2")
          model = get_peft_model(model, LoraConfig(r=cfg.rank))
          args = TrainingArguments("out", per_device_train_batch_size=cfg.batch)
          Trainer(model=model, args=args).train()

      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@dataclass\nclass Cfg:\n    epochs: int\n" + FIELDS + "|Cfg(3, 64, 2)",
        "@dataclass\nclass Cfg:\n    a: ClassVar[int] = 1\n" + FIELDS + "|Cfg(64, 2)",
        "@dataclass\nclass Cfg:\n    a: int = field(init=False, default=1)\n"
            + FIELDS
            + "|Cfg(64, 2)",
        "@dataclass\nclass Cfg:\n    a: int = field(kw_only=True, default=1)\n"
            + FIELDS
            + "|Cfg(64, 2)",
        "@dataclass\nclass Cfg:\n" + FIELDS + "    _: KW_ONLY\n    a: int = 1\n|Cfg(64, 2, a=5)",
        "@dataclass\nclass Base:\n    name: str\n@dataclass\nclass Cfg(Base):\n"
            + FIELDS
            + "|Cfg('x', 64, 2)",
        "@dataclass\nclass Cfg:\n" + FIELDS + "|Cfg(*(64, 2))",
        "class Cfg(NamedTuple):\n" + FIELDS + "|Cfg(64, 2)",
        "class CfgConfig:\n    def __init__(self, epochs, r=8, batch=4):\n        self.rank = r\n"
            + "        self.batch = int(batch)\n|CfgConfig(3, 64, 2)",
      })
  void a_place_is_that_of_the_maker(String program) {
    String made = program.substring(program.indexOf('|') + 1);
    String classes = program.substring(0, program.indexOf('|'));
    assertThat(values(of("train.py", classes + TRAINS + "train(" + made + ")")))
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.micro_batch", 2);
    assertThat(values(of("train.py", classes + TRAINS + "mine = " + made + "\ntrain(mine)")))
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.micro_batch", 2);
  }

  private static final String BARE =
      """
      @dataclass
      class Cfg:
          name: str
          rank: int
          batch: int = 4

      raw = %s

      def main():
          cfg = Cfg(**raw)
          model = AutoModelForCausalLM.from_pretrained("gpt2")
          model = get_peft_model(model, LoraConfig(r=cfg.rank))
          args = TrainingArguments("out", per_device_train_batch_size=cfg.batch)
          Trainer(model=model, args=args).train()

      main()
      """;

  @Test
  void a_field_without_a_default_has_what_its_object_is_made_with() {
    String known = BARE.formatted("{'name': 'gpt2', 'rank': 64, 'batch': 2}");

    assertThat(values(of("train.py", known)))
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.micro_batch", 2);
    assertThat(of("train.py", known.replace("(**raw)", "('gpt2', 16)")).document())
        .satisfies(job -> assertThat(job.value(JobKey.LORA_RANK, Object.class)).contains(16));
    assertThat(of("train.py", BARE.formatted("ask()")).document().has(JobKey.LORA_RANK)).isFalse();
  }

  @Test
  void a_maker_that_is_written_out_gives_no_field_what_it_does_not_use() {
    String classes =
        "class RunConfig:\n    def __init__(self, epochs):\n"
            + "        self.rank = 8\n        self.batch = 4\n";
    assertThat(values(of("train.py", classes + TRAINS + "train(RunConfig(3))")))
        .containsEntry("lora.rank", 8)
        .containsEntry("batch.micro_batch", 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cfg = Cfg(**json.load(open('run.json')))\ntrain(cfg)",
        "train(Cfg(*values()))",
        "cfg = Cfg(*values())\ntrain(cfg)",
      })
  void what_is_not_seen_may_be_any_field(String made) {
    String classes = "@dataclass\nclass Cfg:\n" + FIELDS;
    assertThat(of("train.py", classes + TRAINS + made).unreadable())
        .containsKeys(JobKey.MICRO_BATCH, JobKey.LORA_RANK);
  }

  @Test
  void places_of_a_class_of_which_the_maker_is_not_seen_are_not_known() {
    String classes = "class Cfg(Settings):\n" + FIELDS;
    assertThat(of("train.py", classes + TRAINS + "train(Cfg(64, 2))").unreadable())
        .containsKey(JobKey.MICRO_BATCH);
  }
}
