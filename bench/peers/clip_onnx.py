"""CLIP's image encoder as ONNX graphs: in f32, and with its matrix products in int8 by dynamic quantisation."""

import os

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process


class Encoder(torch.nn.Module):
    """Normalised pictures [n, 3, side, side] -> embeddings [n, dim], of any length."""

    def __init__(self, model):
        super().__init__()
        self.vision, self.projection = model.vision_model, model.visual_projection

    def forward(self, pictures):
        return self.projection(self.vision(pixel_values=pictures).pooler_output)


def export(encoder, batch, folder):
    """Writes fp32.onnx and int8.onnx; returns their paths."""
    fp32, prepared, int8 = (os.path.join(folder, name) for name in ("fp32.onnx", "prepared.onnx", "int8.onnx"))
    pictures = torch.zeros(batch, 3, 224, 224)
    with torch.no_grad():
        torch.onnx.export(encoder, (pictures,), fp32, input_names=["pictures"], output_names=["embeddings"],
                          dynamo=True, external_data=False, verbose=False)
    quant_pre_process(fp32, prepared, skip_symbolic_shape=True)
    quantize_dynamic(prepared, int8, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"])
    return fp32, int8
