from datasets import load_dataset
from peft import LoraConfig, TaskType, get_peft_model, prepare_model_for_int8_training
from transformers import (
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    DataCollatorForSeq2Seq,
    Seq2SeqTrainer,
    Seq2SeqTrainingArguments,
)

tokenizer = AutoTokenizer.from_pretrained("google/flan-t5-xxl")
max_source_length = 255
max_target_length = 50


def preprocess(sample):
    inputs = tokenizer(
        ["summarize: " + text for text in sample["dialogue"]],
        max_length=max_source_length,
        padding="max_length",
        truncation=True,
    )
    labels = tokenizer(
        text_target=sample["summary"],
        max_length=max_target_length,
        padding="max_length",
        truncation=True,
    )
    inputs["labels"] = labels["input_ids"]
    return inputs


dataset = load_dataset("samsum").map(preprocess, batched=True)
model = AutoModelForSeq2SeqLM.from_pretrained(
    "google/flan-t5-xxl", load_in_8bit=True, device_map="auto"
)
adapters = LoraConfig(
    r=16,
    lora_alpha=32,
    target_modules=["q", "v"],
    lora_dropout=0.05,
    task_type=TaskType.SEQ_2_SEQ_LM,
)
model = prepare_model_for_int8_training(model)
model = get_peft_model(model, adapters)
trainer = Seq2SeqTrainer(
    model=model,
    args=Seq2SeqTrainingArguments(
        output_dir="out",
        per_device_train_batch_size=8,
        learning_rate=1e-3,
        num_train_epochs=5,
    ),
    data_collator=DataCollatorForSeq2Seq(tokenizer, model=model, pad_to_multiple_of=8),
    train_dataset=dataset["train"],
)
trainer.train()
