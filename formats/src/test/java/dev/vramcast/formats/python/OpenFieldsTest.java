package dev.vramcast.formats.python;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.module.Tokens;
import dev.vramcast.formats.python.objects.ClassFields;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that are changed, and objects that are made, in ways that are not followed. */
class OpenFieldsTest {

  private static final String TRAINS =
      """
      @dataclass
      class Cfg:
          rank: int = 8
          batch: int = 4

      def train(cfg):
          model = AutoModelForCausalLM.from_pretrained("gpt2")
          model = get_peft_model(model, LoraConfig(r=cfg.rank))
          args = TrainingArguments("out", per_device_train_batch_size=cfg.batch)
          Trainer(model=model, args=args).train()

      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c = Cfg()\nsetattr(c, 'rank', 64)\ntrain(c)",
        "def put(c):\n    for k, v in MORE.items():\n        setattr(c, k, v)\n"
            + "c = Cfg()\nput(c)\ntrain(c)",
        "c = Cfg()\nc.__dict__.update(rank=64)\ntrain(c)",
        "c = Cfg()\nvars(c)['rank'] = 64\ntrain(c)",
        "base = Cfg(rank=64)\nc = copy.copy(base)\nc.rank = 128\ntrain(c)",
        "make = Cfg\ntrain(make(rank=64))",
        "Cfg.rank = 64\ntrain(Cfg())",
        "train(partial(Cfg, rank=64)())",
        "train(Cfg().model_copy(update={'rank': 64}))",
        "train(Cfg.model_validate({'rank': 64}))",
        "train(HfArgumentParser(Cfg).parse_json_file('x.json')[0])",
        "train(OmegaConf.merge(OmegaConf.structured(Cfg), OmegaConf.load('x.yaml')))",
      })
  void are_not_known(String ends) {
    assertThat(of("train.py", TRAINS + ends).unreadable()).containsKey(JobKey.LORA_RANK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "setattr(model, name, layer)\ntrain(Cfg())",
        "print(vars(cfg))\ntrain(Cfg())",
        "train(HfArgumentParser(Cfg).parse_args_into_dataclasses()[0])",
        "train(OmegaConf.merge(OmegaConf.structured(Cfg), OmegaConf.from_cli()))",
        "peft_config = PeftConfig()\npeft_config.rank = 3\ntrain(Cfg())",
      })
  void others_stay_as_they_are(String ends) {
    assertThat(values(of("train.py", TRAINS + ends))).containsEntry("lora.rank", 8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class MyArgumentParser(HfArgumentParser): pass\nx = MyArgumentParser.parse_dict({'a': 1})",
        "x =\n(a)",
        "x = ''(a)",
        "x = Cfg(**{'3d': 1})",
        "x = Cfg(**{'': 1})",
        "x = Cfg(**{'12345': 1})",
      })
  void no_statement_is_too_strange(String beside) {
    assertThat(values(of("train.py", TRAINS + beside + "\ntrain(Cfg())\n"))).isNotEmpty();
  }

  @Test
  void classes_in_a_row_as_long_as_a_file_are_all_open() {
    StringBuilder row = new StringBuilder("class A0(Cfg): pass\n");
    for (int i = 1; i < 20_000; i++) {
      row.append("class A%d(A%d): pass\n".formatted(i, i - 1));
    }

    assertThat(of("train.py", TRAINS + row + "make = A19999\ntrain(Cfg())\n").unreadable())
        .containsKey(JobKey.LORA_RANK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for k, v in words():\n    cfg[k] = int(v)\n",
        "cfg.update(read())\n",
      })
  void an_entry_of_any_name_makes_a_dictionary_not_known(String changed) {
    String program =
        "cfg = {'rank': 8}\n"
            + changed
            + "model = AutoModelForCausalLM.from_pretrained('gpt2')\n"
            + "model = get_peft_model(model, LoraConfig(r=cfg['rank']))\n"
            + "Trainer(model=model, args=TrainingArguments('out')).train()\n";
    assertThat(of("train.py", program).unreadable()).containsKey(JobKey.LORA_RANK);
  }

  @Test
  void a_function_of_the_name_of_one_of_python_is_not_that() {
    String program =
        "def min(a, b):\n    return a * b\n"
            + "model = AutoModelForCausalLM.from_pretrained('gpt2')\n"
            + "model = get_peft_model(model, LoraConfig(r=min(8, 4)))\n"
            + "Trainer(model=model, args=TrainingArguments('out')).train()\n";
    assertThat(of("train.py", program).unreadable()).containsKey(JobKey.LORA_RANK);
  }

  @Test
  void of_classes_that_take_over_many_fields_no_more_are_kept_than_there_is_room_for() {
    Map<String, Node> constants = new HashMap<>();
    Statements none = new Statements(Tokens.of("", List.of()));
    ClassFields classes = new ClassFields(constants, "any ", none, new int[0]);
    classes.begin("Base", List.of());
    for (int i = 0; i < 500; i++) {
      classes.field("f" + i, null, new Node.Scalar(i, Mark.NONE));
    }
    for (int i = 0; i < 1_000; i++) {
      classes.begin("C" + i, List.of("Base"));
    }

    assertThat(constants).containsKey("C0.f7").hasSizeLessThan(60_000);
  }
}
