// Preloaded by a server: signals set its clock back by an hour, and on by one, as an operator or a wrong time server would.
const now = Date.now;
const move = (milliseconds: number) => () => {
  Date.now = () => now() + milliseconds;
};
process.on('SIGUSR2', move(-3_600_000));
process.on('SIGURG', move(3_600_000));
