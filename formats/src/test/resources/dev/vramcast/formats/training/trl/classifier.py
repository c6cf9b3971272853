from peft import LoraConfig, get_peft_model
from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments

labels = ["joy", "anger", "fear"]
model = AutoModelForSequenceClassification.from_pretrained(
    "meta-llama/Llama-3.1-8B", num_labels=5, torch_dtype="bfloat16"
)
model = get_peft_model(
    model, LoraConfig(r=16, task_type="SEQ_CLS", target_modules=["q_proj", "v_proj"])
)
args = TrainingArguments(output_dir="out", per_device_train_batch_size=4, bf16=True)
Trainer(model=model, args=args, train_dataset=rows).train()
