"""What a generator returns to a `for` loop is dropped after its locals, as in the interpreter."""

LOG = []


class Named:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(self.name)


def generator(n):
    local = Named("local")
    yield n
    return Named("result")


def main():
    for n in range(60):
        for each in generator(n):
            LOG.append(each)
        del LOG[:-12]
    return list(LOG)


RESULT = main()
