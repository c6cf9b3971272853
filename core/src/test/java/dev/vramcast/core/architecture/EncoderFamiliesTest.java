package dev.vramcast.core.architecture;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Encoders with each head of small sizes, counted by instantiating the model in Transformers. */
class EncoderFamiliesTest extends CountedFamilies {

  static Stream<Arguments> models() {
    return Configs.casesOf("counted-encoder-models.txt");
  }
}
