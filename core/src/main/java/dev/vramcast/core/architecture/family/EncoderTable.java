package dev.vramcast.core.architecture.family;

import static dev.vramcast.core.architecture.traits.ModelTraits.CausalClass.TEXT;
import static dev.vramcast.core.architecture.traits.ModelTraits.CausalClass.WHOLE;

import dev.vramcast.core.architecture.family.sound.Whisper;
import dev.vramcast.core.architecture.family.vision.Mllama;
import java.util.List;
import java.util.function.Consumer;

/** Models that read more than text. */
final class EncoderTable extends FamilyTable {

  /**
   * The modules of towers that {@code _no_split_modules} names, by the ends of their paths: those
   * of Transformers 5.24, held against models that were made (the classes' lists in each {@code
   * modeling_*.py}; transformers/modeling_utils.py post_init adds those of the parts). A type of
   * which a list also names a class that the model does not have has none here: accelerate refuses
   * it until the job names its classes itself, usually the decoder layer alone.
   */
  private static final List<String> LAYERS = List.of("layers.*");

  private static final List<String> LAYER = List.of("layer.*");
  private static final List<String> GEMMA_4 = List.of("layers.*", "patch_embedder");
  private static final List<String> BLOCKS = List.of("blocks.*");
  private static final List<String> ATTENTION = List.of("attention");
  private static final List<String> SELF_ATTENTION = List.of("self_attn");

  /** TimmWrapperModel, whatever it holds. */
  private static final List<String> TIMM = List.of("vision_tower");

  private static final List<String> IDEFICS2 =
      List.of("self_attn", "modality_projection", "perceiver_resampler.layers.*");
  private static final List<String> JANUS =
      List.of("layers.*", "block.*", "attn.*", "block_1", "attn_1", "block_2", "quantize");

  private static final String GEMMA = "Gemma4AudioLayer";
  private static final String TALKER = "Qwen3OmniMoeTalkerDecoderLayer";
  private static final String QWEN = "Qwen3_5VisionBlock";

  EncoderTable(String wanted, Consumer<String> passed) {
    super(wanted, passed);
  }

  @Override
  boolean lists() {
    return (is("audioflamingo3") && by(OnTextBeside::audioFlamingo3, LAYERS, since(0)))
        || (is("aria")
            && by(without("AriaDecoderLayer", LISTED, OnTextBeside::aria), SELF_ATTENTION))
        || (is("aya_vision")
            && by(named("AyaVisionVisionAttention", around(SIGLIP, CohereVision::aya))))
        || (is("cohere2_vision") && by(unlisted(around(SIGLIP, CohereVision::cohere2))))
        || (is("cohere_compass") && by(OnTextBeside::compass, BLOCKS, since(16)))
        || (is("granite4_vision") && by(OnTextBeside::graniteVision, since(12)))
        || (is("granite_docling") && by(OnTextBeside::docling, LAYERS, since(23)))
        || (is("step3p7") && by(OnTextBeside::step, LAYERS, since(16)))
        || (is("cosmos3_omni") && by(VisionLanguage::cosmos3, BLOCKS, since(11)))
        || (is("deepseek_vl_v2") && by(DeepSeekOcr::read))
        || (is("deepseek_vl") && by(around(SIGLIP, AlignedVision::deepSeek)))
        || (is("deepseek_vl_hybrid") && by(around(SIGLIP, OnTextBeside::deepSeekVlHybrid)))
        || (is("dots_ocr") && by(OnTextAlone::dotsOcr))
        || (is("ernie4_5_vl_moe") && by(OnTextAlone::ernieVl, BLOCKS, since(0)))
        || (is("exaone4_5")
            && by(without("Exaone4_5_DecoderLayer", COLLECTED, OnTextAlone::exaone45), since(8)))
        || (is("gemma3") && by(causal(WHOLE, around(SIGLIP, VisionLanguage::gemma3))))
        || (is("gemma3n") && by(causal(WHOLE, VisionLanguage::gemma3n), TIMM))
        || (is("gemma4")
            && by(
                withoutPart("audio_config", GEMMA, causal(WHOLE, VisionLanguage::gemma4)),
                GEMMA_4,
                since(5)))
        || (is("gemma4_unified") && by(causal(WHOLE, VisionLanguage::gemma4Unified), since(10)))
        || (is("glm4v") && by(listing(BLOCKS, VisionLanguage::glm4v)))
        || (is("glmga") && by(VisionLanguage::glm46v, BLOCKS, since(10)))
        || (is("glm46v") && by(VisionLanguage::glm46v, BLOCKS, since(0)))
        || (is("glm4v_moe") && by(listing(BLOCKS, VisionLanguage::glm4vMoe)))
        || (is("glm_ocr") && by(VisionLanguage::glmOcr, BLOCKS, since(1)))
        || (is("glmasr") && by(OnTextBeside::glmAsr, LAYERS, since(0)))
        || (is("got_ocr2")
            && by(named("GotOcr2VisionAttention", causal(WHOLE, OnTextBeside::gotOcr2))))
        || (is("hunyuan_vl") && by(OnTextBeside::hunyuanVl, LAYERS, since(13)))
        || (is("hyperclovax_vision_v2") && by(OnTextAlone::hyperClovaX, BLOCKS, since(18)))
        || (is("idefics2")
            && by(without("Idefics2DecoderLayer", LISTED, PixelShuffle::idefics2), IDEFICS2))
        || (is("idefics3")
            && by(without("Idefics3DecoderLayer", LISTED, PixelShuffle::idefics3), SELF_ATTENTION))
        || (is("internvl") && by(unlisted(PixelShuffle::internvl), LAYER))
        || (is("internvl_chat") && by(InternVlChat::read))
        || (is("interns1") && by(OnTextAlone::internS1))
        || (is("janus") && by(AlignedVision::janus, JANUS))
        || (is("kimi_k25") && by(OnTextAlone::kimiK25, LAYERS, since(13)))
        || (is("lfm2_vl") && by(unlisted(around(SIGLIP2, VisionLanguage::lfm2Vl))))
        || (is("lfm3_vl") && by(OnTextBeside::lfm3Vl, LAYERS, since(23)))
        || (is("lighton_ocr") && by(Llava::lightOn, LAYERS, since(0)))
        || (is("llama4") && by(causal(TEXT, listing(LAYERS, VisionLanguage::llama4))))
        || (is("llava") && by(named("LlavaVisionAttention", around(CLIP, Llava::llava))))
        || (is("llava_next") && by(onLlama("LlavaNextVisionAttention", around(CLIP, Llava::next))))
        || (is("llava_next_video")
            && by(onLlama("LlavaNextVideoVisionAttention", around(CLIP, LlavaKin::nextVideo))))
        || (is("llava_onevision")
            && by(onLlama("LlavaOnevisionVisionAttention", around(SIGLIP, Llava::onevision))))
        || (is("minicpm_ocr") && by(without(QWEN, COLLECTED, OnTextAlone::miniCpmOcr), since(21)))
        || (is("minicpmv4_6") && by(without(QWEN, COLLECTED, OnTextAlone::miniCpmV46), since(7)))
        || (is("minicpmv4_7") && by(without(QWEN, COLLECTED, OnTextAlone::miniCpmV46), since(18)))
        || (is("minicpmo") && by(OnTextAlone::miniCpmO))
        || (is("minicpmv") && by(OnTextAlone::miniCpmV))
        || (is("minimax_m3_vl") && by(OnTextAlone::miniMaxM3, LAYERS, since(12)))
        || (is("mistral3") && by(named("Mistral3VisionAttention", Llava::mistral3), LAYERS))
        || (is("mllama") && by(causal(TEXT, listing(LAYERS, Mllama::mllama))))
        || (is("modernvbert") && by(PixelShuffle::modernVbert, since(3)))
        || (is("muse_glimmer") && by(VisionLanguage::muse, LAYERS, since(15)))
        || (is("ovis2")
            && by(without("Ovis2VisionAttention", LISTED, PixelShuffle::ovis2), ATTENTION))
        || (is("paddleocr_vl") && by(VisionLanguage::paddleOcr, since(0)))
        || (is("paligemma") && by(unlisted(around(SIGLIP, VisionLanguage::paligemma))))
        || (is("qianfan_ocr") && by(PixelShuffle::qianfanOcr, LAYERS, since(6)))
        || (is("qwen2_5_omni", "qwen2_5_omni_thinker") && by(QwenOmni::omni25))
        || (is("qwen2_5_vl") && by(listing(BLOCKS, VisionLanguage::qwen25Vl)))
        || (is("qwen2_audio") && by(unlisted(VisionLanguage::qwen2Audio), LAYERS))
        || (is("qwen2_vl") && by(listing(BLOCKS, VisionLanguage::qwen2Vl)))
        || (is("qwen3_5") && by(causal(TEXT, VisionLanguage::qwen35), BLOCKS, since(2)))
        || (is("qwen3_5_moe") && by(causal(TEXT, VisionLanguage::qwen35Moe), BLOCKS, since(2)))
        || (is("qwen3_asr") && by(OnTextBeside::qwen3Asr, LAYERS, since(13)))
        || (is("qwen3_omni_moe") && by(QwenOmni::omni3))
        || (is("qwen3_omni_moe_thinker") && by(without(TALKER, COLLECTED, QwenOmni::omni3)))
        || (is("qwen3_vl") && by(listing(BLOCKS, VisionLanguage::qwen3Vl)))
        || (is("qwen3_vl_moe") && by(listing(BLOCKS, VisionLanguage::qwen3VlMoe)))
        || (is("smolvlm")
            && by(without("SmolVLMDecoderLayer", LISTED, PixelShuffle::smolVlm), SELF_ATTENTION))
        || (is("video_llama_3") && by(OnTextAlone::videoLlama3, LAYERS, since(0)))
        || (is("video_llava")
            && by(without("VideoLlavaVisionAttention", LISTED, around(CLIP, LlavaKin::video))))
        || (is("vipllava") && by(named("VipLlavaVisionAttention", around(CLIP, LlavaKin::vip))))
        || (is("voxtral") && by(unlisted(VisionLanguage::voxtral), LAYERS))
        || (is("whisper") && by(Whisper::whisper));
  }
}
