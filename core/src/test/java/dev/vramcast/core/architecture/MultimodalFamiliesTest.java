package dev.vramcast.core.architecture;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Models with towers of small sizes, counted by instantiating the model in Transformers. */
class MultimodalFamiliesTest extends CountedFamilies {

  static Stream<Arguments> models() {
    return Configs.casesOf("counted-multimodal-models.txt");
  }
}
