"""Arguments of a method call that destroy, rebind or delete the receiver.

LOAD_METHOD has pushed function and self before the arguments are evaluated; a
borrowed self must not vanish when the arguments drop every other reference.
"""

LOG = []


class Worker:
    def __init__(self, name):
        self.name = name

    def work(self, *args):
        LOG.append(("work", self.name))
        return self.name, len(args)

    def __del__(self):
        LOG.append(("del", self.name))


WORKER = None


def drop_global():
    global WORKER
    WORKER = None
    return 1


def global_receiver():
    return WORKER.work(drop_global(), 2)


def walrus_receiver(w):
    return w.work((w := Worker("second")), w.name)


def list_receiver(workers):
    return workers[0].work(workers.clear())


def attribute_receiver(holder):
    return holder.worker.work(setattr(holder, "worker", None))


def attribute_of_dropped(holder):
    return holder.worker.name + str(holder.__dict__.clear())


class Holder:
    def __init__(self, name):
        self.worker = Worker(name)


def main():
    global WORKER
    out = []
    for i in range(60):
        WORKER = Worker("global")
        out.append(global_receiver())
        out.append(walrus_receiver(Worker("first")))
        out.append(list_receiver([Worker("listed")]))
        out.append(attribute_receiver(Holder("held")))
        out.append(attribute_of_dropped(Holder("read")))
    return out[-5:], LOG[-20:], len(LOG)


RESULT = main()
