# Written by a test
from unsloth import FastLanguageModel

from datasets import load_dataset
from trl import DPOConfig, DPOTrainer

model, tokenizer = FastLanguageModel.from_pretrained(
    model_name="meta-llama/Llama-3.1-8B",
    max_seq_length=1024,
    load_in_4bit=False,
    load_in_8bit=False,
    full_finetuning=False,
)
model = FastLanguageModel.get_peft_model(
    model,
    r=16,
    lora_alpha=32,
    lora_dropout=0,
    target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    use_rslora=False,
    use_gradient_checkpointing=True,
)
dataset = load_dataset("trl-lib/ultrafeedback_binarized", split="train")
arguments = DPOConfig(
    max_length=1024,
    beta=0.05,
    loss_type="sigmoid",
    per_device_train_batch_size=2,
    gradient_accumulation_steps=8,
    optim="adamw_torch_fused",
    bf16=True,
    fp16=False,
    num_train_epochs=1,
    learning_rate=0.000005,
    output_dir="outputs",
    report_to="none",
)
trainer = DPOTrainer(
    model=model,
    processing_class=tokenizer,
    train_dataset=dataset,
    args=arguments,
)
trainer.train()
