"""The steps in the way in which the methods' published scripts go about them: gradients of all weights by backward(), one attack a target, one image at a
time for importance, numbers read back in every step. The results are those of tuned.py; own code throughout."""
import torch
import torch.nn.functional as F

from tuned import Tuned


class Authors(Tuned):
    def forward(self, given, options):
        net = self.network(True)
        images = net.take(given["images"])

        def work():
            with torch.no_grad():
                for _ in range(options["steps"]):
                    logits = net(images)
                    (logits.argmax(1) == given["labels"]).sum().item()
            return lambda: {"logits": logits}
        return work

    def forget_vector(self, given, options):
        # These scripts do freeze the weights.
        net = self.network(False)
        images, labels, forget = net.take(given["images"]), given["labels"], given["is_forget"].bool()
        rows = images.shape[0]

        def work():
            delta = torch.zeros(images.shape[1:], device=self.device, requires_grad=True)
            optimiser = torch.optim.SGD([delta], lr=options["learning_rate"], momentum=options["momentum"], weight_decay=options["weight_decay"])
            for _ in range(options["steps"]):
                moved = torch.stack([image + delta for image in images])
                logits = net(moved)
                mask = torch.zeros_like(logits).scatter_(1, labels[:, None], 1).bool()
                own = torch.masked_select(logits, mask)
                best = torch.masked_select(logits, ~mask).reshape(rows, -1).max(1)[0]
                retain = torch.where(forget, torch.zeros_like(own), F.cross_entropy(logits, labels, reduction="none")).sum() / rows
                hinge = torch.where(forget, (own - best).clamp_min(-options["tau"]), torch.zeros_like(own)).sum() / rows
                distance = delta.norm() / rows
                loss = options["alpha"] * retain + options["beta"] * hinge + options["lambda"] * distance
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                for figure in (loss, retain, hinge, distance, (logits.argmax(1) == labels).sum(), forget.sum()):
                    figure.item()
            return lambda: {"delta": delta}
        return work

    def attack(self, net, images, targets, delta, steps, step_size, epsilon):
        delta = delta.clone().requires_grad_()
        for _ in range(steps):
            F.cross_entropy(net(images + delta), targets, reduction="sum").backward()
            with torch.no_grad():
                gradient = delta.grad
                delta.sub_(gradient * (step_size / self.norms(gradient)))
                delta.copy_((images + delta).clamp(0, 1) - images)
                delta.mul_((epsilon / self.norms(delta)).clamp_max(1))
                delta.grad.zero_()
        return ((images + delta).clamp(0, 1) - images).detach()

    def l2_pgd(self, given, options):
        net = self.network(True)
        images, start = net.take(given["images"]), net.take(given["start"])

        def work():
            delta = self.attack(net, images, given["targets"], start, options["steps"], options["step_size"], options["epsilon"])
            return lambda: {"delta": delta}
        return work

    def mu_mis(self, given, options):
        net = self.network(True)
        images, labels, irrelevant = net.take(given["images"]), given["labels"], given["irrelevant"]

        def work():
            optimiser = torch.optim.SGD(net.weights, lr=options["learning_rate"])
            for _ in range(options["steps"]):
                squares = []
                for classes in (labels, irrelevant):
                    leaf = images.detach().requires_grad_()
                    chosen = net(leaf, double=True).gather(1, classes[:, None]).sum()
                    (gradient,) = torch.autograd.grad(chosen, leaf, create_graph=True)
                    squares.append(gradient.flatten(1).norm(dim=1).square().mean())
                optimiser.zero_grad(set_to_none=True)
                loss = squares[0] - squares[1]
                loss.backward()
                optimiser.step()
                loss.item(), squares[0].item(), squares[1].item()
            return lambda: net.moves(self.start)
        return work

    def measure_importance(self, net, images):
        omega = [torch.zeros_like(weight) for weight in net.weights]
        for image in images.split(1):
            for weight in net.weights:
                weight.grad = None
            score = net(image).norm()
            score.backward()
            score.item()
            for total, weight in zip(omega, net.weights):
                total += weight.grad.abs() / len(images)
        for weight in net.weights:
            weight.grad = None
        return omega

    def training(self, given, options):
        net = self.network(True)
        images, labels = net.take(given["images"]), given["labels"]

        def work():
            optimiser = torch.optim.SGD(net.weights, lr=0.1, momentum=options["momentum"], weight_decay=options["weight_decay"])
            for rate in options["learning_rates"]:
                optimiser.param_groups[0]["lr"] = rate
                logits = net(images, train=True)
                loss = F.cross_entropy(logits, labels)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                loss.item(), (logits.argmax(1) == labels).sum().item()
            return lambda: net.moves(self.start)
        return work

    def instance_wise(self, given, options):
        net, pairs = self.network(True), options["pairs"]
        forget, labels = net.take(given["forget_images"]), given["forget_labels"]
        attacked, targets, start = net.take(given["attacked"][:pairs]), given["attack_targets"][:pairs], net.take(given["attack_start"][:pairs])

        def work():
            kept = []
            for low in range(0, len(attacked), len(forget)):
                part = slice(low, low + len(forget))
                moved = (attacked[part] + self.attack(net, attacked[part], targets[part], start[part], options["attack_steps"], options["step_size"], options["epsilon"])).clamp(0, 1)
                kept.extend(image.cpu().numpy() for image in moved)
            held = self.hold(self.measure_importance(net, forget))
            before = [weight.detach().clone() for weight in net.weights]
            optimiser = torch.optim.SGD(net.weights, lr=options["learning_rate"], momentum=options["momentum"], weight_decay=options["weight_decay"])
            batch, taken = options["adversarial_batch"], 0
            per_pass = -(-len(kept) // batch)
            while taken < options["most_steps"]:
                part = slice(taken % per_pass * batch, (taken % per_pass + 1) * batch)
                images = net.take(torch.stack([torch.from_numpy(image) for image in kept[part]]).to(self.device))
                rows = len(images) + len(forget)
                loss = (F.cross_entropy(net(images), targets[part], reduction="sum") - F.cross_entropy(net(forget), labels, reduction="sum")) / rows
                pull = 0
                for weight, old, hold in zip(net.weights, before, held):
                    pull = pull + (hold * (weight - old) ** 2).sum() / 2
                optimiser.zero_grad()
                (loss + options["lambda"] * pull).backward()
                optimiser.step()
                taken += 1
                loss.item()
                with torch.no_grad():
                    if (net(forget).argmax(1) == labels).sum().item() == 0:
                        break
            return lambda: {**net.moves(self.start), "steps": torch.tensor([float(taken)])}
        return work
