package dev.vramcast.formats.python;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that a program makes of its options, of lists and of objects in objects. */
class ComprehensionTest {

  private static String program(String targets) {
    return """
    import argparse
    from trl import SFTTrainer, SFTConfig
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="q_proj, v_proj,")
    args = parser.parse_args()
    model = AutoModelForCausalLM.from_pretrained("a/b")
    lora = LoraConfig(r=4, target_modules=%s)
    SFTTrainer(model=model, args=SFTConfig(max_length=64), peft_config=lora).train()
    """
        .formatted(targets);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[t.strip() for t in args.on.split(',') if t.strip()]",
        "[t for t in ['q_proj', '', 'v_proj'] if t]",
        "[t.strip() for t in ['q_proj ', 'v_proj']]"
      })
  void a_list_of_stripped_texts_is_known(String targets) {
    assertThat(values(of("a.py", program(targets))))
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[t.upper() for t in args.on.split(',')]",
        "[t for t in args.on.split(',') if t in allowed]",
        "[t for t in names(args)]"
      })
  void what_else_is_done_with_each_is_not(String targets) {
    assertThatThrownBy(() -> of("a.py", program(targets)).under(JobDocument.empty()))
        .hasMessageContaining("not known before the program runs");
  }

  @Test
  void fields_of_an_object_in_an_object_have_their_defaults() {
    String program =
        """
        from dataclasses import dataclass, field

        @dataclass
        class Adapters:
            rank: int = 24

        @dataclass
        class Settings:
            base: str = "a/b"
            adapters: Adapters = field(default_factory=Adapters)

        def main(cfg: Settings):
            model = AutoModelForCausalLM.from_pretrained(cfg.base)
            lora = LoraConfig(r=cfg.adapters.rank, target_modules=["q_proj"])
            SFTTrainer(model=model, args=SFTConfig(max_length=64), peft_config=lora).train()

        main(Settings(%s))
        """;

    assertThat(values(of("a.py", program.formatted("")))).containsEntry("lora.rank", 24);
    assertThatThrownBy(
            () ->
                of("a.py", program.formatted("adapters=Adapters(rank=8), base='b'"))
                    .under(JobDocument.empty()))
        .hasMessageContaining("not known before the program runs");
  }

  @Test
  void the_first_of_what_a_parser_makes_of_classes_is_its_object() {
    String program =
        """
        from dataclasses import dataclass, field
        from transformers import HfArgumentParser

        @dataclass
        class Mine:
            base: str = field(default="a/b")
            rank: int = 24

        mine = HfArgumentParser(Mine).parse_args_into_dataclasses()[0]
        model = AutoModelForCausalLM.from_pretrained(mine.base)
        lora = LoraConfig(r=mine.rank, target_modules=["q_proj"])
        SFTTrainer(model=model, args=SFTConfig(max_length=64), peft_config=lora).train()
        """;

    assertThat(values(of("a.py", program)))
        .containsEntry("model.id", "a/b")
        .containsEntry("lora.rank", 24);
  }
}
