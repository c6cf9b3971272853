package dev.vramcast.core.architecture;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Encoders with each head of small sizes, counted by instantiating the model in Transformers. */
class EncoderFamiliesTest extends CountedFamilies {

  static Stream<Arguments> models() {
    return Configs.cases(
        """
        BertForSequenceClassification 326,914: bert small num_key_value_heads=absent
          architectures=[BertForSequenceClassification]
        BertForMaskedLM 327,912: bert small num_key_value_heads=absent
          architectures=[BertForMaskedLM]
        BertModel 326,784: bert small num_key_value_heads=absent architectures=[BertModel]
        BertForTokenClassification 322,754: bert small num_key_value_heads=absent
          architectures=[BertForTokenClassification]
        RobertaForSequenceClassification 326,914: roberta small num_key_value_heads=absent
          architectures=[RobertaForSequenceClassification]
        RobertaForMaskedLM 327,912: roberta small num_key_value_heads=absent
          architectures=[RobertaForMaskedLM]
        xlmr 326,849: xlm-roberta small num_key_value_heads=absent
          architectures=[XLMRobertaForSequenceClassification] num_labels=1
        xlmrm 326,784: xlm-roberta small num_key_value_heads=absent
          architectures=[XLMRobertaModel]
        ModernBertForSequenceClassification 351,746: modernbert small num_key_value_heads=absent
          architectures=[ModernBertForSequenceClassification]
        ModernBertForMaskedLM 352,616: modernbert small num_key_value_heads=absent
          architectures=[ModernBertForMaskedLM]
        ModernBertModel 347,456: modernbert small num_key_value_heads=absent
          architectures=[ModernBertModel]
        DistilBertForMaskedLM 214,984: distilbert vocab_size=1000 dim=64 n_layers=3
          n_heads=4 hidden_dim=160 architectures=[DistilBertForMaskedLM]
        DistilBertForSequenceClassification 213,986: distilbert vocab_size=1000 dim=64 n_layers=3
          n_heads=4 hidden_dim=160 architectures=[DistilBertForSequenceClassification]
        DistilBertForTokenClassification 209,826: distilbert vocab_size=1000 dim=64 n_layers=3
          n_heads=4 hidden_dim=160 architectures=[DistilBertForTokenClassification]
        DistilBertModel 209,696: distilbert vocab_size=1000 dim=64 n_layers=3
          n_heads=4 hidden_dim=160 architectures=[DistilBertModel]
        ElectraForMaskedLM 327,912: electra small num_key_value_heads=absent embedding_size=64
        CamembertForMaskedLM 327,912: camembert small num_key_value_heads=absent
          architectures=[CamembertForMaskedLM]
        DebertaV2ForMaskedLM 186,440: deberta-v2 vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 intermediate_size=160 position_buckets=32 relative_attention=true
          share_att_key=true norm_rel_ebd=layer_norm pos_att_type=[p2c c2p]
          position_biased_input=false
          architectures=[DebertaV2ForMaskedLM]
        DebertaV2ForSequenceClassification 185,442: deberta-v2 vocab_size=1000 hidden_size=64
          num_hidden_layers=3
          num_attention_heads=4 intermediate_size=160 position_buckets=32 relative_attention=true
          share_att_key=true norm_rel_ebd=layer_norm pos_att_type=[p2c c2p]
          position_biased_input=false
          architectures=[DebertaV2ForSequenceClassification]
        DebertaV2ForTokenClassification 181,282: deberta-v2 vocab_size=1000 hidden_size=64
          num_hidden_layers=3
          num_attention_heads=4 intermediate_size=160 position_buckets=32 relative_attention=true
          share_att_key=true norm_rel_ebd=layer_norm pos_att_type=[p2c c2p]
          position_biased_input=false
          architectures=[DebertaV2ForTokenClassification]
        DebertaV2Model 181,152: deberta-v2 vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 intermediate_size=160 position_buckets=32 relative_attention=true
          share_att_key=true norm_rel_ebd=layer_norm pos_att_type=[p2c c2p]
          position_biased_input=false
          architectures=[DebertaV2Model]
        MPNetForMaskedLM 215,112: mpnet vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 intermediate_size=160
          architectures=[MPNetForMaskedLM]
        MPNetForSequenceClassification 214,114: mpnet vocab_size=1000 hidden_size=64
          num_hidden_layers=3
          num_attention_heads=4 intermediate_size=160
          architectures=[MPNetForSequenceClassification]
        MPNetForTokenClassification 209,954: mpnet vocab_size=1000 hidden_size=64
          num_hidden_layers=3
          num_attention_heads=4 intermediate_size=160
          architectures=[MPNetForTokenClassification]
        MPNetModel 213,984: mpnet vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 intermediate_size=160
          architectures=[MPNetModel]
        """);
  }
}
