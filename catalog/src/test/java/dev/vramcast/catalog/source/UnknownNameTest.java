package dev.vramcast.catalog.source;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownNameTest extends LocatingModels {

  @Test
  void a_question_in_place_of_a_name_is_told_which_of_its_words_name_a_model() {
    assertRefused(
        ModelRequests.offline("can I fine-tune qwen3 8b on my 3060"),
        "only 'qwen3 8b' in it names a model",
        "by method, hardware.gpu, batch.sequence_length and their like");
  }

  @Test
  void of_several_names_in_a_question_all_are_told() {
    assertRefused(
        ModelRequests.offline("llama 3.1 8b vs qwen3 8b"),
        "'llama 3.1 8b', 'qwen3 8b' in it name models, of which one is asked for");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora_model", "my-lora-adapter", "merged_model_16bit"})
  void what_a_run_saves_is_told_to_be_no_model(String text) {
    assertRefused(ModelRequests.offline(text), text, "give the model that the run began with");
  }
}
