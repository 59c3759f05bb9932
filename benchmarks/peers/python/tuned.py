"""The steps in plain PyTorch, written as well as one can: only the gradients that are needed, everything in batches, nothing read back before the end.

Batch norm is not folded into the convolutions: that is a compiler's work, and part of what is compared.
"""
import torch
import torch.nn.functional as F

from network import Network


class Tuned:
    def __init__(self, tensors, arch, device, layout, dtype):
        self.start, self.arch, self.device, self.layout, self.dtype = tensors, arch, device, layout, dtype

    def network(self, trains):
        return Network(self.start, self.arch, self.device, self.layout, self.dtype, trains)

    def forward(self, given, options):
        net = self.network(False)
        images = net.take(given["images"])

        def work():
            with torch.no_grad():
                for _ in range(options["steps"]):
                    logits = net(images)
            return lambda: {"logits": logits}
        return work

    def forget_vector(self, given, options):
        net = self.network(False)
        images, labels, forget = net.take(given["images"]), given["labels"], given["is_forget"].bool()
        rows = images.shape[0]
        retain_share = (~forget).to(images.dtype) * (options["alpha"] / rows)
        forget_share = forget.to(images.dtype) * (options["beta"] / rows)

        def work():
            delta = torch.zeros(images.shape[1:], device=self.device, dtype=images.dtype)
            momentum = torch.zeros_like(delta)
            for _ in range(options["steps"]):
                leaf = delta.clone().requires_grad_()
                logits = net(images + leaf)
                own = logits.gather(1, labels[:, None])[:, 0]
                best = logits.scatter(1, labels[:, None], float("-inf")).amax(1)
                loss = (F.cross_entropy(logits, labels, reduction="none") * retain_share).sum() + ((own - best).clamp_min(-options["tau"]) * forget_share).sum()
                (gradient,) = torch.autograd.grad(loss, leaf)
                norm = delta.norm()
                penalty = torch.where(norm > 0, delta / (norm * rows), torch.zeros_like(delta))
                gradient.add_(penalty, alpha=options["lambda"]).add_(delta, alpha=options["weight_decay"])
                momentum.mul_(options["momentum"]).add_(gradient)
                delta.add_(momentum, alpha=-options["learning_rate"])
            return lambda: {"delta": delta}
        return work

    @staticmethod
    def norms(rows):
        return rows.flatten(1).norm(dim=1).clamp_min(1e-6).view(-1, 1, 1, 1)

    def attack(self, net, images, targets, delta, steps, step_size, epsilon):
        for _ in range(steps):
            leaf = (images + delta).requires_grad_()
            (gradient,) = torch.autograd.grad(F.cross_entropy(net(leaf), targets, reduction="sum"), leaf)
            delta = delta - gradient * (step_size / self.norms(gradient))
            delta = (images + delta).clamp_(0, 1).sub_(images)
            delta.mul_((epsilon / self.norms(delta)).clamp_max_(1))
        return (images + delta).clamp_(0, 1).sub_(images)

    def l2_pgd(self, given, options):
        net = self.network(False)
        images, start = net.take(given["images"]), net.take(given["start"])

        def work():
            delta = self.attack(net, images, given["targets"], start, options["steps"], options["step_size"], options["epsilon"])
            return lambda: {"delta": delta}
        return work

    def mu_mis(self, given, options):
        net = self.network(True)
        images, labels, irrelevant = net.take(given["images"]), given["labels"], given["irrelevant"]

        def work():
            for _ in range(options["steps"]):
                leaf = images.detach().requires_grad_()
                logits = net(leaf, double=True)
                (target,) = torch.autograd.grad(logits.gather(1, labels[:, None]).sum(), leaf, create_graph=True)
                (other,) = torch.autograd.grad(logits.gather(1, irrelevant[:, None]).sum(), leaf, create_graph=True)
                loss = (target.square().sum() - other.square().sum()) / images.shape[0]
                gradients = torch.autograd.grad(loss, net.weights, allow_unused=True)
                with torch.no_grad():
                    for weight, gradient in zip(net.weights, gradients):
                        if gradient is not None:
                            weight.add_(gradient, alpha=-options["learning_rate"])
            return lambda: net.moves(self.start)
        return work

    def measure_importance(self, net, images):
        # One image at a time: plain PyTorch has no gradients of single images in a batch.
        omega = [torch.zeros_like(weight) for weight in net.weights]
        for image in images.split(1):
            gradients = torch.autograd.grad(net(image).norm(), net.weights)
            for total, gradient in zip(omega, gradients):
                total.add_(gradient.abs_(), alpha=1 / len(images))
        return omega

    def importance(self, given, options):
        net = self.network(True)
        images = net.take(given["images"][: options["images"]])

        def work():
            omega = self.measure_importance(net, images)
            return lambda: dict(zip(net.names, omega))
        return work

    def training(self, given, options):
        net = self.network(True)
        images, labels = net.take(given["images"]), given["labels"]

        def work():
            optimiser = torch.optim.SGD(net.weights, lr=0.1, momentum=options["momentum"], weight_decay=options["weight_decay"], foreach=True)
            for rate in options["learning_rates"]:
                optimiser.param_groups[0]["lr"] = rate
                optimiser.zero_grad(set_to_none=True)
                F.cross_entropy(net(images, train=True), labels).backward()
                optimiser.step()
            return lambda: net.moves(self.start)
        return work

    @staticmethod
    def hold(omega):
        """1 where a weight may not move, 0 where it matters most: one less the importance, min-max normalised a tensor."""
        held = []
        for each in omega:
            low, high = each.min(), each.max()
            held.append(torch.where(high > low, 1 - (each - low) / (high - low), torch.ones_like(each)))
        return held

    def instance_wise(self, given, options):
        net, pairs = self.network(True), options["pairs"]
        forget, labels = net.take(given["forget_images"]), given["forget_labels"]
        attacked, targets, start = net.take(given["attacked"][:pairs]), given["attack_targets"][:pairs], net.take(given["attack_start"][:pairs])

        def work():
            frozen, adversarial = self.network(False), []
            for low in range(0, len(attacked), options["attack_batch"]):
                part = slice(low, low + options["attack_batch"])
                adversarial.append(attacked[part] + self.attack(frozen, attacked[part], targets[part], start[part], options["attack_steps"], options["step_size"], options["epsilon"]))
            adversarial = torch.cat(adversarial).clamp_(0, 1)
            held = self.hold(self.measure_importance(net, forget))
            before = [weight.detach().clone() for weight in net.weights]
            optimiser = torch.optim.SGD(net.weights, lr=options["learning_rate"], momentum=options["momentum"], weight_decay=options["weight_decay"], foreach=True)
            batch, taken = options["adversarial_batch"], 0
            per_pass = -(-len(adversarial) // batch)
            while taken < options["most_steps"]:
                part = slice(taken % per_pass * batch, (taken % per_pass + 1) * batch)
                images, wanted = torch.cat([forget, adversarial[part]]), torch.cat([labels, targets[part]])
                signs = torch.ones(len(images), device=self.device)
                signs[: len(forget)] = -1
                loss = (F.cross_entropy(net(images), wanted, reduction="none") * signs).sum() / len(images)
                gradients = torch.autograd.grad(loss, net.weights)
                with torch.no_grad():
                    for weight, gradient, old, hold in zip(net.weights, gradients, before, held):
                        weight.grad = gradient.addcmul_(hold, weight - old, value=options["lambda"])
                optimiser.step()
                taken += 1
                with torch.no_grad():
                    if not (net(forget).argmax(1) == labels).any():
                        break
            return lambda: {**net.moves(self.start), "steps": torch.tensor([float(taken)])}
        return work
