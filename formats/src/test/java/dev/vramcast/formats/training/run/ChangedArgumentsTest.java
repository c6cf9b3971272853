package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What arguments are given behind their making; lines are parted by {@code ~}. */
class ChangedArgumentsTest {

  private static final String LOADS =
      "m = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-0.6B', torch_dtype='bfloat16')~";

  private static final String MAKES =
      LOADS + "ta = TrainingArguments('o', per_device_train_batch_size=4, bf16=True)~";

  private static final String TRAINS = "Trainer(model=m, args=ta).train()~";

  private static List<String> said(String text) {
    return of("train.py", text.replace("~", "\n")).findings().stream()
        .map(Finding::toString)
        .toList();
  }

  private static Object batch(String text) {
    return values(of("train.py", text.replace("~", "\n"))).get("batch.micro_batch");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "t = Trainer(model=m, args=ta)~t.args.per_device_train_batch_size = 2~t.train()~",
        "t = Trainer(m, ta)~t.args.per_device_train_batch_size = 2~t.train()~",
        "class R:~    def go(self):~        self.t = Trainer(model=m, args=ta)~"
            + "        self.t.args.per_device_train_batch_size = 2~        self.t.train()~",
        "class R:~    def go(self):~        self.args = TrainingArguments('o', bf16=True)~"
            + "        self.args.per_device_train_batch_size = 2~"
            + "        Trainer(model=m, args=self.args).train()~",
      })
  void a_trainer_is_found_by_the_call_that_its_name_was_given(String text) {
    String program = (text.contains("self.args") ? LOADS : MAKES) + text;

    assertThat(batch(program)).isEqualTo(2);
    assertThat(said(program)).noneMatch(one -> one.contains("behind their making"));
  }

  @Test
  void arguments_that_are_made_in_its_call_are_its_own() {
    String makes = "t = Trainer(model=m, args=TrainingArguments('o', bf16=True))~";
    String gives = "t.args.per_device_train_batch_size = 2~t.train()~";

    assertThat(batch(LOADS + makes + gives)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ta = dataclasses.replace(ta, bf16=False)~; dataclasses.replace(ta)",
        "setattr(ta, 'per_device_train_batch_size', 16)~; setattr(ta)",
        "def tweak(a):~    a.bf16 = False~tweak(ta)~; tweak(ta)",
        "def tweak(m, *, a):~    setattr(a, 'bf16', False)~tweak(m, a=ta)~; tweak(ta)",
        "ta = dataclasses.replace(ta)~ta.bf16 = False~; ta.bf16",
      })
  void what_is_not_followed_is_said(String changes, String text) {
    assertThat(said(MAKES + changes + TRAINS))
        .anyMatch(one -> one.contains(text + " may give arguments another value"));
  }

  @Test
  void what_another_method_gives_is_said() {
    String text =
        LOADS
            + "class R:~    def __init__(self):~        self.args = TrainingArguments('o')~"
            + "        self.trainer = Trainer(model=m, args=self.args)~"
            + "    def go(self):~        self.args.bf16 = True~"
            + "        self.trainer.args.optim = 'adafactor'~        self.trainer.train()~";

    assertThat(said(text)).anyMatch(one -> one.contains("self.args.bf16 may give"));
    assertThat(said(text)).anyMatch(one -> one.contains("self.trainer.args.optim may give"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def show(a):~    print(a.bf16)~show(ta)~",
        "def tweak(m):~    m.loss = None~tweak(m)~",
        "name = name.replace('a', 'b')~",
        "setattr(m, 'loss', None)~",
      })
  void what_leaves_them_as_they_are_is_not(String text) {
    assertThat(said(MAKES + text + TRAINS)).noneMatch(one -> one.contains("may give arguments"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mods = ['q_proj']~if g():~    mods = ['q_proj', 'v_proj']~"
            + "m = get_peft_model(m, LoraConfig(target_modules=mods))~",
        "conf = dict(r=8)~if g():~    conf = {**conf, 'r': 512}~"
            + "m = get_peft_model(m, LoraConfig(target_modules=['q_proj'], **conf))~",
        "names = ['q_proj']~if g():~    names = ['q_proj', 'v_proj']~"
            + "conf = dict(r=8, target_modules=names)~m = get_peft_model(m, LoraConfig(**conf))~",
      })
  void lists_and_dictionaries_of_branches_are_said_where_they_are_handed_on(String text) {
    assertThat(said(MAKES + text + TRAINS)).anyMatch(one -> one.contains("this branch is read"));
  }

  @Test
  void others_are_not() {
    String text = "target_names = ['a']~if g():~    target_names = ['a', 'b']~";

    assertThat(said(MAKES + text + TRAINS)).noneMatch(one -> one.contains("this branch is read"));
  }
}
