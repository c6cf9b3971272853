package dev.vramcast.core.architecture;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Decoders without experts of small sizes, counted by instantiating the model in Transformers. */
class DenseFamiliesTest extends CountedFamilies {

  static Stream<Arguments> models() {
    return Configs.casesOf("counted-dense-models.txt");
  }
}
