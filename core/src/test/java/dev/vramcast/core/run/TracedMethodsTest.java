package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Methods, optimizers and losses against the real code of Transformers, PEFT, bitsandbytes, Liger
 * and TRL on fake tensors, which counted every live storage: a Llama of six layers, hidden size
 * 1024 and a vocabulary of 32,000, two sequences of 512 tokens.
 */
class TracedMethodsTest {

  private static final String USUAL =
      "--framework peft --transformers 5.1.0 --torch 2.13.0 --bitsandbytes 0.49.0 --precision"
          + " bf16-mixed --model-dtype bf16 --method lora --rank 16 --targets q_proj,v_proj"
          + " --lora-dtype fp32 --optimizer-implementation foreach --micro-batch 2"
          + " --sequence-length 512 --padding packed --checkpointing none --attention sdpa"
          + " --checkpointing-reentrant false ";

  /** Percent: scalars, and buffers of rotary frequencies. */
  private static final double TOLERANCE = 0.03;

  @ParameterizedTest(name = "{1} tied {0}")
  @MethodSource("jobs")
  void every_phase_peaks_as_it_was_traced(
      boolean tied, String flags, long forward, long backward, long step) {
    Architecture llama =
        Estimates.model(
            "llama",
            Map.of("vocab_size", 32000, "num_hidden_layers", 6, "tie_word_embeddings", tied));

    Map<Phase, Long> peaks = Estimates.of(llama, USUAL + flags).phasePeaks();

    assertThat(larger(peaks, Phase.FORWARD_LAYERS, Phase.FORWARD_HEAD))
        .as("forward")
        .isCloseTo(forward, withinPercentage(TOLERANCE));
    assertThat(larger(peaks, Phase.BACKWARD_LAYERS, Phase.BACKWARD_HEAD))
        .as("backward")
        .isCloseTo(backward, withinPercentage(TOLERANCE));
    assertThat(peaks.get(Phase.STEP)).as("step").isCloseTo(step, withinPercentage(TOLERANCE));
  }

  private static long larger(Map<Phase, Long> peaks, Phase one, Phase other) {
    return Math.max(peaks.get(one), peaks.get(other));
  }

  static Stream<Arguments> jobs() {
    return Stream.of(
        untied(
            "--modules-to-save embed_tokens,lm_head", 1_209_743_872L, 1_275_262_976L, 928_140_288L),
        tied(
            "--modules-to-save embed_tokens,lm_head --checkpointing full",
            945_385_984L,
            1_010_266_112L,
            862_604_288L),
        tied("--modules-to-save lm_head", 943_401_472L, 1_008_855_040L, 534_924_288L),
        untied(
            "--modules-to-save norm --checkpointing full",
            619_883_008L,
            682_665_984L,
            272_913_408L),
        untied(
            "--modules-to-save embed_tokens,lm_head --grad-accum 2 " + " --checkpointing full",
            1_143_271_936L,
            1_208_152_064L,
            928_140_288L),
        tied("--targets q_proj,lm_head", 741_820_928L, 805_210_112L, 215_354_368L),
        untied("--targets q_proj,embed_tokens", 808_434_176L, 871_856_128L, 280_890_368L),
        untied(
            "--targets q_proj,embed_tokens --checkpointing full",
            622_391_808L,
            685_420_544L,
            280_890_368L),
        untied(
            "--method freeze --framework transformers", 776_903_168L, 840_325_120L, 446_778_368L),
        untied(
            "--method freeze --precision bf16 --checkpointing full " + " --framework transformers",
            703_427_072L,
            766_849_024L,
            446_778_368L),
        untied(
            "--method freeze --checkpointing full --framework llama-factory",
            883_806_720L,
            902_139_904L,
            672_263_168L),
        untied(
            "--precision fp16-mixed --model-dtype fp16 --checkpointing full",
            617_705_984L,
            680_489_472L,
            272_781_312L),
        untied(
            "--method full --model-dtype fp32 --optimizer adafactor " + " --framework transformers",
            1_410_946_048L,
            1_472_270_848L,
            1_328_544_256L),
        untied(
            "--optimizer adafactor --checkpointing full", 615_254_528L, 678_037_504L, 269_247_488L),
        untied(
            "--method full --precision bf16 --optimizer sgd "
                + " --optimizer-implementation momentum --framework transformers",
            1_139_892_736L,
            1_205_411_840L,
            799_120_384L),
        untied(
            "--method full --model-dtype fp32 "
                + " --optimizer-implementation for-loop --framework transformers",
            2_475_622_912L,
            2_536_947_712L,
            2_393_093_120L),
        untied(
            "--method full --precision bf16 "
                + " --optimizer-implementation bitsandbytes "
                + " --framework transformers",
            1_938_987_520L,
            2_004_506_624L,
            1_598_215_168L),
        untied(
            "--method full --precision bf16 --optimizer lion "
                + " --optimizer-implementation bitsandbytes "
                + " --framework transformers",
            1_406_257_664L,
            1_471_776_768L,
            1_065_485_312L),
        untied(
            "--method full --model-dtype fp32 --optimizer lion-8bit "
                + " --optimizer-implementation bitsandbytes "
                + " --framework transformers",
            1_643_259_392L,
            1_704_584_192L,
            1_298_581_504L),
        untied(
            "--method full --precision bf16 --optimizer muon " + " --framework transformers",
            1_270_991_360L,
            1_336_510_464L,
            1_061_317_632L),
        untied(
            "--method full --model-dtype fp32 --optimizer muon " + " --framework transformers",
            2_205_090_304L,
            2_266_415_104L,
            2_122_609_664L),
        untied("--optimizer muon --checkpointing full", 616_428_032L, 679_211_008L, 270_356_480L),
        untied(
            "--method full --precision bf16 --checkpointing full "
                + " --loss liger --framework transformers",
            1_086_664_704L,
            1_067_583_488L,
            1_331_850_240L),
        untied(
            "--method full --model-dtype fp32 --checkpointing full "
                + " --loss liger --framework transformers",
            2_171_234_304L,
            2_135_140_352L,
            2_663_674_880L),
        untied(
            "--method qlora --double-quant true --kbit-prepare true "
                + " --checkpointing full --loss liger",
            409_678_848L,
            413_988_864L,
            303_603_712L),
        untied(
            "--method full --precision bf16 --checkpointing full "
                + " --loss chunked --framework trl --framework-version 1.12.0",
            987_364_864L,
            1_185_014_272L,
            1_331_850_240L),
        untied(
            "--checkpointing full --loss chunked --framework trl --framework-version 1.12.0",
            506_686_976L,
            506_040_832L,
            272_780_288L),
        untied(
            "--method full --model-dtype fp32 --checkpointing full "
                + " --loss chunked --framework torchtune",
            2_052_401_152L,
            2_135_140_352L,
            2_663_674_880L),
        untied(
            "--quantization int8 --kbit-prepare false", 779_520_512L, 842_876_928L, 205_368_320L),
        untied(
            "--precision bf16 --quantization int8 --lora-dtype bf16 " + " --kbit-prepare false",
            776_964_608L,
            840_386_560L,
            202_173_440L));
  }

  private static Arguments tied(String flags, long forward, long backward, long step) {
    return Arguments.of(true, flags, forward, backward, step);
  }

  private static Arguments untied(String flags, long forward, long backward, long step) {
    return Arguments.of(false, flags, forward, backward, step);
  }
}
