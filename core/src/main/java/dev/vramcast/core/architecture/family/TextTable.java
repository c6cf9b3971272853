package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.family.gpt.Albert;
import dev.vramcast.core.architecture.family.gpt.Bert;
import dev.vramcast.core.architecture.family.gpt.BioGpt;
import dev.vramcast.core.architecture.family.gpt.Deberta;
import dev.vramcast.core.architecture.family.gpt.DebertaV2;
import dev.vramcast.core.architecture.family.gpt.DistilBert;
import dev.vramcast.core.architecture.family.gpt.Esm;
import dev.vramcast.core.architecture.family.gpt.EuroBert;
import dev.vramcast.core.architecture.family.gpt.Gpt;
import dev.vramcast.core.architecture.family.gpt.GptNeoX;
import dev.vramcast.core.architecture.family.gpt.MegatronGpt;
import dev.vramcast.core.architecture.family.gpt.ModernBert;
import dev.vramcast.core.architecture.family.gpt.Mpnet;
import dev.vramcast.core.architecture.family.gpt.Mpt;
import dev.vramcast.core.architecture.family.gpt.NomicBert;
import dev.vramcast.core.architecture.family.gpt.Opt;
import dev.vramcast.core.architecture.family.gpt.PreNormedBert;
import dev.vramcast.core.architecture.family.gpt.Xglm;
import dev.vramcast.core.architecture.family.hybrid.Bamba;
import dev.vramcast.core.architecture.family.hybrid.FalconH1;
import dev.vramcast.core.architecture.family.hybrid.Granite;
import dev.vramcast.core.architecture.family.hybrid.Jamba;
import dev.vramcast.core.architecture.family.hybrid.KimiLinear;
import dev.vramcast.core.architecture.family.hybrid.Lfm2;
import dev.vramcast.core.architecture.family.hybrid.Lfm3;
import dev.vramcast.core.architecture.family.hybrid.Mamba;
import dev.vramcast.core.architecture.family.hybrid.Mamba2;
import dev.vramcast.core.architecture.family.hybrid.NemotronH;
import dev.vramcast.core.architecture.family.hybrid.OlmoHybrid;
import dev.vramcast.core.architecture.family.hybrid.QwenNext;
import dev.vramcast.core.architecture.family.hybrid.RecurrentGemma;
import dev.vramcast.core.architecture.family.seq2seq.Bart;
import dev.vramcast.core.architecture.family.seq2seq.T5;
import dev.vramcast.core.architecture.family.sparse.Aria;
import dev.vramcast.core.architecture.family.sparse.AxK2;
import dev.vramcast.core.architecture.family.sparse.DeepSeekMoe;
import dev.vramcast.core.architecture.family.sparse.DeepSeekV4;
import dev.vramcast.core.architecture.family.sparse.Flint;
import dev.vramcast.core.architecture.family.sparse.Kolibri;
import dev.vramcast.core.architecture.family.sparse.Ling;
import dev.vramcast.core.architecture.family.sparse.Mimo;
import dev.vramcast.core.architecture.family.sparse.MiniMax;
import dev.vramcast.core.architecture.family.sparse.MiniMaxM3;
import dev.vramcast.core.architecture.family.sparse.Step;
import dev.vramcast.core.architecture.family.text.Afmoe;
import dev.vramcast.core.architecture.family.text.BitNet;
import dev.vramcast.core.architecture.family.text.Cohere;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.family.text.Exaone;
import dev.vramcast.core.architecture.family.text.Gemma;
import dev.vramcast.core.architecture.family.text.Gemma3n;
import dev.vramcast.core.architecture.family.text.Gemma4;
import dev.vramcast.core.architecture.family.text.Glm;
import dev.vramcast.core.architecture.family.text.Hunyuan;
import dev.vramcast.core.architecture.family.text.Laguna;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.family.text.Llama4;
import dev.vramcast.core.architecture.family.text.Mixtral;
import dev.vramcast.core.architecture.family.text.NanoChat;
import dev.vramcast.core.architecture.family.text.Olmo;
import dev.vramcast.core.architecture.family.text.Phi;
import dev.vramcast.core.architecture.family.text.Qwen;
import dev.vramcast.core.architecture.family.text.StableLm;
import dev.vramcast.core.architecture.family.vision.Mllama;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.Consumer;

/** Models of text, and the text parts of larger ones. */
final class TextTable extends FamilyTable {

  TextTable(String wanted, Consumer<String> passed) {
    super(wanted, passed);
  }

  @Override
  boolean lists() {
    return dense() || mixture() || older() || hybrid();
  }

  /** Decoders with one MLP in every layer. */
  private boolean dense() {
    return (is("apertus") && by(Llama::apertus))
        || (is("apertus1p5_text") && by(Llama::apertus15, since(24)))
        || (is("arcee") && by(Llama::arcee))
        || (is("baichuan") && by(Llama::baichuan))
        || (is("bitnet") && by(BitNet::bitnet))
        || (is("cwm") && by(Llama::cwm, since(0)))
        || (is("diffllama") && by(Llama::diffLlama))
        || (is("ernie4_5") && by(Llama::ernie))
        || (is("exaone") && by(Llama::exaone))
        || (is("exaone4") && by(Exaone::exaone4))
        || (is("helium") && by(Llama::helium))
        || (is("hunyuan_v1_dense") && by(Llama::hunyuan))
        || (is("hyperclovax") && by(Granite::hyperClovaX))
        || (is("internlm") && by(Llama::internlm))
        || (is("internlm2") && by(Llama::internlm2))
        || (is("internlm3") && by(Llama::internlm3))
        || (is("iquestcoder") && by(Llama::iquestCoder))
        || (is("jais2") && by(StableLm::jais2, since(0)))
        || (is("llama") && by(Llama::llama))
        || (is("mimo") && by(Qwen::mimo))
        || (is("minicpm") && by(Llama::minicpm))
        || (is("minicpm3") && by(DeepSeek::minicpm3))
        || (is("ministral", "mistral") && by(Llama::mistral))
        || (is("ministral3") && by(Llama::ministral3, since(0)))
        || (is("seed_oss") && by(Llama::seedOss))
        || (is("smollm3") && by(Llama::smollm3))
        || (is("cohere") && by(Cohere::cohere))
        || (is("cohere2") && by(uncached(UNTIL_5, Cohere::cohere2)))
        || (is("gemma") && by(Gemma::gemma))
        || (is("gemma2") && by(uncached(UNTIL_5, Gemma::gemma2)))
        || (is("gemma3_text")
            && by(uncached(UNTIL_5, without("SiglipEncoderLayer", LISTED, Gemma::gemma3))))
        || (is("glm") && by(Glm::glm))
        || (is("glm4") && by(Glm::glm4))
        || (is("granite") && by(Granite::granite))
        || (is("granite_swa") && by(Granite::graniteSwa, since(15)))
        || (is("nanochat") && by(NanoChat::nanochat, since(0)))
        || (is("nemotron") && by(StableLm::nemotron))
        || (is("olmo") && by(Olmo::olmo))
        || (is("olmo2") && by(Olmo::olmo2))
        || (is("olmo3") && by(Olmo::olmo3))
        || (is("phi") && by(Phi::phi))
        || (is("persimmon") && by(StableLm::persimmon))
        || (is("phi3") && by(Phi::phi3))
        || (is("qwen2") && by(Qwen::qwen2))
        || (is("qwen3") && by(Qwen::qwen3))
        || (is("stablelm") && by(StableLm::stablelm))
        || (is("starcoder2") && by(StableLm::starcoder2))
        || (is("vaultgemma") && by(Gemma::vaultGemma))
        || (is("youtu") && by(DeepSeek::youtu));
  }

  /** Decoders with experts. */
  private boolean mixture() {
    return (is("afmoe") && by(Afmoe::afmoe))
        || (is("aria_text") && by(Aria::text))
        || (is("axk1") && by(DeepSeek::axk1, since(15)))
        || (is("axk2") && by(AxK2::axk2, since(15)))
        || (is("bailing_moe") && by(Ling::read))
        || (is("bailing_moe_v2") && by(Ling::second))
        || (is("cohere2_moe") && by(Cohere::cohere2Moe, since(9)))
        || (is("dbrx") && by(Mpt::dbrx))
        || (is("deepseek") && by(DeepSeekMoe::read))
        || (is("deepseek_v2") && by(DeepSeek::v2))
        || (is("deepseek_v3") && by(DeepSeek::v3))
        || (is("deepseek_v32") && by(DeepSeek::v32, since(11)))
        || (is("deepseek_v4") && by(DeepSeekV4::read, since(20)))
        || (is("dots1") && by(DeepSeek::dots1))
        || (is("ernie4_5_moe") && by(Mixtral::ernie))
        || (is("ernie4_5_vl_moe_text") && by(Mixtral::ernieVl, since(0)))
        || (is("exaone_moe") && by(Exaone::exaoneMoe, since(1)))
        || (is("flex_olmo") && by(Olmo::flexOlmo))
        || (is("flint") && by(Flint::flint, since(21)))
        || (is("glm4_moe") && by(Glm::glm4Moe))
        || (is("glm_moe_dsa") && by(DeepSeek::glmMoeDsa, since(2)))
        || (is("glm4_moe_lite") && by(DeepSeek::glm4MoeLite, since(0)))
        || (is("gpt_oss") && by(Mixtral::gptOss))
        || (is("granitemoe") && by(Granite::granitemoe))
        || (is("granitemoehybrid") && by(Granite::granitemoehybrid))
        || (is("granitemoe_swa") && by(Granite::graniteMoeSwa, since(15)))
        || (is("granitemoeshared") && by(Granite::granitemoeshared))
        || (is("hunyuan_v1_moe") && by(Mixtral::hunyuan))
        || (is("hy_v3") && by(Hunyuan::v3, since(6)))
        || (is("kimi_k2") && by(DeepSeek::kimiK2))
        || (is("kolibri1") && by(Kolibri::kolibri, since(20)))
        || (is("laguna") && by(Laguna::laguna, since(7)))
        || (is("llama4_text") && by(Llama4::text))
        || (is("mellum") && by(Laguna::mellum, since(11)))
        || (is("minimax") && by(MiniMax::text01))
        || (is("step3p5") && by(Step::text, since(16)))
        || (is("mimo_v2_flash") && by(Mimo::flash, since(13)))
        || (is("minimax_m2") && by(Mixtral::minimaxM2))
        || (is("minimax_m3_vl_text")
            && by(without("MiniMaxM3VLVisionEncoderLayer", COLLECTED, MiniMaxM3::text), since(12)))
        || (is("mixtral") && by(Mixtral::mixtral))
        || (is("olmoe") && by(Olmo::olmoe))
        || (is("phimoe") && by(Phi::phimoe))
        || (is("qwen2_moe") && by(Qwen::qwen2Moe))
        || (is("qwen3_moe") && by(Qwen::qwen3Moe))
        || (is("sarvam_mla") && by(DeepSeek::sarvam, since(24)))
        || (is("sarvam_moe") && by(Glm::sarvam, since(24)))
        || (is("solar_open") && by(Glm::solarOpen, since(0)));
  }

  /** Encoders and older decoders. */
  private boolean older() {
    return (is("albert") && by(Albert::albert))
        || (is("bart") && by(Bart::bart))
        || (is("bert") && by(unlisted(Bert::bert)))
        || (is("big_bird") && by(unlisted(READ, Bert::bigBird)))
        || (is("biogpt") && by(unlisted(READ, BioGpt::biogpt)))
        || (is("blenderbot") && by(unlisted(READ, Bart::blenderbot)))
        || (is("blenderbot-small") && by(unlisted(READ, Bart::blenderbotSmall)))
        || (is("bloom") && by(GptNeoX::bloom))
        || (is("camembert") && by(unlisted(Bert::camembert)))
        || (is("chatglm") && by(Glm::chatglm))
        || (is("codegen") && by(Gpt::codegen))
        || (is("data2vec-text") && by(Bert::data2vec))
        || (is("deberta") && by(unlisted(READ, Deberta::deberta)))
        || (is("deberta-v2") && by(DebertaV2::debertaV2))
        || (is("distilbert") && by(DistilBert::distilBert))
        || (is("electra") && by(unlisted(READ, Bert::electra)))
        || (is("ernie") && by(unlisted(Bert::ernie)))
        || (is("esm") && by(Esm::esm))
        || (is("eurobert") && by(EuroBert::euroBert, since(3)))
        || (is("falcon") && by(GptNeoX::falcon))
        || (is("gpt-sw3") && by(Gpt::gpt2))
        || (is("gpt2") && by(Gpt::gpt2))
        || (is("gpt_bigcode") && by(Gpt::bigcode))
        || (is("gpt_neo") && by(Gpt::neo))
        || (is("gpt_neox") && by(GptNeoX::gptNeoX))
        || (is("gptj") && by(Gpt::gptj))
        || (is("gte") && by(NomicBert::gte))
        || (is("jina_embeddings_v3") && by(NomicBert::jinaEmbeddings))
        || (is("layoutlm") && by(Bert::layoutLm))
        || (is("m2m_100") && by(Bart::m2m))
        || (is("marian") && by(unlisted(READ, Bart::marian)))
        || (is("mbart") && by(Bart::mbart))
        || (is("megatron-bert") && by(unlisted(READ, PreNormedBert::megatron)))
        || (is("megatron_gpt") && by(MegatronGpt::read))
        || (is("modernbert") && by(ModernBert::modernBert))
        || (is("modernbert-decoder") && by(uncached(UNTIL_5, ModernBert::decoder)))
        || (is("mpnet") && by(Mpnet::mpnet))
        || (is("mpt") && by(Mpt::mpt))
        || (is("mt5") && by(T5::mt5))
        || (is("nomic_bert") && by(NomicBert::nomicBert))
        || (is("opt") && by(Opt::opt))
        || (is("pegasus") && by(unlisted(READ, Bart::pegasus)))
        || (is("plbart") && by(Bart::plbart))
        || (is("qwen") && by(Qwen::qwen))
        || (is("rembert") && by(unlisted(READ, Bert::rembert)))
        || (is("roberta") && by(without("RobertaSelfAttention", LISTED, Bert::roberta)))
        || (is("roberta-prelayernorm")
            && by(
                unlisted(
                    without(
                        "RobertaPreLayerNormCrossAttention", COLLECTED, PreNormedBert::roberta))))
        || (is("t5") && by(T5::t5))
        || (is("ultrabert") && by(EuroBert::ultraBert, since(20)))
        || (is("umt5") && by(T5::umt5))
        || (is("xglm") && by(Xglm::xglm))
        || (is("xlm-roberta") && by(without("XLMRobertaSelfAttention", LISTED, Bert::xlmRoberta)))
        || (is("xlm-roberta-xl") && by(PreNormedBert::xlmRobertaXl));
  }

  /** Decoders with recurrent layers, and the text parts of larger models. */
  private boolean hybrid() {
    return (is("bamba") && by(Bamba::bamba))
        || (is("falcon_h1") && by(FalconH1::falconH1))
        || (is("falcon_mamba") && by(Mamba::falconMamba))
        || (is("cohere_compass_text") && by(uncached(Versions.ALL, Cohere::compass), since(16)))
        || (is("granite4_vision_text") && by(Granite::visionText, since(12)))
        || (is("granite_docling_text") && by(Granite::doclingText, since(23)))
        || (is("gemma3n_text") && by(uncached(UNTIL_5, Gemma3n::text)))
        || (is("gemma4_text")
            && by(without("Gemma4VisionEncoderLayer", COLLECTED, Gemma4::text), since(5)))
        || (is("gemma4_unified_text") && by(Gemma4::unifiedText, since(10)))
        || (is("glm4v_moe_text") && by(Glm::glm4vMoe))
        || (is("glm4v_text") && by(Glm::glm4v))
        || (is("glm_ocr_text") && by(Glm::glmOcr, since(1)))
        || (is("bailing_hybrid") && by(KimiLinear::ling, since(20)))
        || (is("hunyuan_vl_text") && by(Llama::hunyuanVl, since(13)))
        || (is("jamba") && by(Jamba::jamba))
        || (is("kimi_linear") && by(KimiLinear::kimiLinear))
        || (is("lara_mini") && by(QwenNext::laraMini, since(24)))
        || (is("lfm2") && by(Lfm2::lfm2))
        || (is("lfm2_moe") && by(Lfm2::lfm2Moe, since(0)))
        || (is("lfm3") && by(Lfm3::lfm3, since(23)))
        || (is("mamba") && by(Mamba::mamba))
        || (is("mamba2") && by(Mamba2::mamba2))
        || (is("mistral4") && by(DeepSeek::mistral4, since(4)))
        || (is("mllama_text_model") && by(Mllama::text))
        || (is("muse_glimmer_text") && by(Laguna::muse, since(15)))
        || (is("nemotron_h") && by(NemotronH::nemotronH))
        || (is("olmo_hybrid") && by(OlmoHybrid::olmoHybrid, since(3)))
        || (is("paddleocr_vl_text") && by(Llama::paddleOcr))
        || (is("qwen2_5_omni_text") && by(Qwen::qwen25Omni))
        || (is("qwen2_5_vl_text") && by(Qwen::qwen25Vl))
        || (is("qwen2_vl_text") && by(Qwen::qwen2Vl))
        || (is("qwen3_5_moe_text")
            && by(without("Qwen3_5MoeVisionBlock", COLLECTED, QwenNext::qwen35Moe), since(2)))
        || (is("qwen3_5_text")
            && by(without("Qwen3_5VisionBlock", COLLECTED, QwenNext::qwen35), since(2)))
        || (is("qwen3_next") && by(QwenNext::qwen3Next))
        || (is("qwen3_omni_moe_text") && by(Qwen::qwen3OmniMoe))
        || (is("qwen3_vl_moe_text") && by(Qwen::qwen3VlMoe))
        || (is("recurrent_gemma") && by(RecurrentGemma::recurrentGemma))
        || (is("qwen3_vl_text") && by(Qwen::qwen3Vl));
  }
}
