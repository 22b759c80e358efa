"""``manage.py demo``: load the demo company, show its sign-ins anew, or take it away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linsheng.communities.models import Organisation
from linsheng.core import clock
from linsheng.core.errors import DomainError
from linsheng.simulate import demo
from linsheng.simulate.removal import remove


class Command(BaseCommand):
    help = "Load a demo company with known truth (marked as demo data); --remove takes it away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--communities", type=int, default=3)
        parser.add_argument("--homes", type=int, default=600, help="homes a community")
        parser.add_argument("--months", type=int, default=12)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--cases", type=int, help="this many cases in all, instead of what so many homes bring up")
        parser.add_argument("--remove", action="store_true", help="take the demo company away")
        parser.add_argument("--replace", action="store_true", help="take it away and load it anew")
        parser.add_argument("--passwords", action="store_true", help="give the demo staff new passwords and print them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"] or options["replace"]:
            for organisation in Organisation.objects.filter(is_demo=True):
                remove(organisation)
        if options["remove"]:
            self.stdout.write("演示数据已清除。")
            return
        if not options["passwords"]:
            self._load(options)
        self._print_sign_ins()

    def _load(self, options: dict[str, Any]) -> None:
        names = ("communities", "homes", "months", "seed", "cases")
        if min(options[name] for name in names[:3]) < 1:
            raise CommandError("--communities、--homes 和 --months 都须至少为 1。")
        size = demo.Size(**{name: options[name] for name in names})
        self.stdout.write("正在生成演示数据 …")
        try:
            demo.load(size, now=clock.now(), progress=self._show)
        except DomainError as error:
            raise CommandError(str(error.message)) from error

    def _show(self, done: int, total: int) -> None:
        self.stdout.write(f"  {done} / {total} 件反映")
        self.stdout.flush()

    def _print_sign_ins(self) -> None:
        passwords = demo.give_passwords()
        self.stdout.write("\n演示公司的登录方式（随机生成，只显示这一次；忘了就运行 manage.py demo --passwords）：")
        for role, (user, _community) in demo.people().items():
            secret = (
                f"密码 {passwords[user.username]}" if user.username in passwords else f"手机 {user.phone}，验证码会显示在本窗口"
            )
            self.stdout.write(f"  {role:14} {user.username:24} {secret}   {user.name}")
